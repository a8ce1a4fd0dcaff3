CREATE OR REPLACE VIEW news.entries AS
SELECT
  e.entry_id,
  e.feed_id,
  e.article_id,
  e.guid,
  e.url,
  e.title,
  e.summary,
  e.authors,
  e.published_at,
  e.feed_updated_at,
  e.first_seen_at,
  e.last_seen_at,
  e.position,
  s.outcome AS article_outcome,
  coalesce(e.reason, s.reason) AS article_reason
FROM ingest.entries AS e
LEFT JOIN ingest.article_state AS s USING (article_id);

COMMENT ON VIEW news.entries IS 'What feeds said: one row for each entry of each feed, and what became of it.';
COMMENT ON COLUMN news.entries.entry_id IS 'number of the entry';
COMMENT ON COLUMN news.entries.feed_id IS 'feed that showed it; one that was removed or merged is in news.feeds no more';
COMMENT ON COLUMN news.entries.article_id IS 'article it leads to; NULL when it names no usable address';
COMMENT ON COLUMN news.entries.guid IS 'identifier given by the feed, as written';
COMMENT ON COLUMN news.entries.url IS 'address given by the feed, made absolute';
COMMENT ON COLUMN news.entries.title IS 'headline as the feed shows it, as plain text';
COMMENT ON COLUMN news.entries.summary IS 'summary as the feed gives it, HTML included';
COMMENT ON COLUMN news.entries.authors IS 'authors named by the feed';
COMMENT ON COLUMN news.entries.published_at IS 'publication date given by the feed; NULL when absent or beyond belief';
COMMENT ON COLUMN news.entries.feed_updated_at IS 'date of the last change given by the feed';
COMMENT ON COLUMN news.entries.first_seen_at IS 'when the entry was first in the feed';
COMMENT ON COLUMN news.entries.last_seen_at IS 'when it was last in a document that had changed';
COMMENT ON COLUMN news.entries.position IS 'place in the document when last seen; 0 is the first';
COMMENT ON COLUMN news.entries.article_outcome IS 'what became of its article; see news.values';
COMMENT ON COLUMN news.entries.article_reason IS 'why there is no article, or none yet; see news.values, reason';

CREATE OR REPLACE VIEW news.rejections AS
SELECT poll_id, feed_id, position, title, url, rejected_at, reason, message
FROM ingest.rejections;

COMMENT ON VIEW news.rejections IS 'Entries that could not be stored at all, with the poll that brought them.';
COMMENT ON COLUMN news.rejections.poll_id IS 'poll that brought the entry';
COMMENT ON COLUMN news.rejections.feed_id IS 'feed that showed it; one that was removed or merged is in news.feeds no more';
COMMENT ON COLUMN news.rejections.position IS 'place in the document; 0 is the first';
COMMENT ON COLUMN news.rejections.title IS 'headline as the feed shows it';
COMMENT ON COLUMN news.rejections.url IS 'address given by the feed';
COMMENT ON COLUMN news.rejections.rejected_at IS 'when it was rejected';
COMMENT ON COLUMN news.rejections.reason IS 'why; see news.values, reason';
COMMENT ON COLUMN news.rejections.message IS 'what was seen';
