CREATE OR REPLACE VIEW news.revisions AS
SELECT
  r.article_id,
  (
    SELECT count(*)
    FROM ingest.revisions AS o
    WHERE o.article_id = r.article_id AND (o.seen_at, o.revision_id) <= (r.seen_at, r.revision_id)
  )::int AS revision,
  r.seen_at,
  r.title,
  r.description,
  r.text,
  r.change_kind
FROM ingest.revisions AS r
JOIN ingest.publications AS p USING (article_id);

COMMENT ON VIEW news.revisions IS 'Every headline and text that a published article had. What changes on the page but not in the article (counters, dates, adverts, links) makes no row: the present one takes the newest wording.';
COMMENT ON COLUMN news.revisions.article_id IS 'the article';
COMMENT ON COLUMN news.revisions.revision IS 'counts in the order seen; 1 is the first text';
COMMENT ON COLUMN news.revisions.seen_at IS 'when it was first seen';
COMMENT ON COLUMN news.revisions.title IS 'headline';
COMMENT ON COLUMN news.revisions.description IS 'dek or summary';
COMMENT ON COLUMN news.revisions.text IS 'body, a paragraph a line';
COMMENT ON COLUMN news.revisions.change_kind IS 'what changed against the text before; see news.values';
