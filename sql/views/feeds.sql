CREATE OR REPLACE VIEW news.feeds AS
SELECT
  f.feed_id,
  f.url,
  f.title,
  f.site_url,
  f.language,
  f.category,
  f.state,
  s.last_polled_at,
  s.due_at AS next_poll_at,
  s.due_reason AS next_poll_reason,
  s.last_success_at,
  s.failure_streak,
  s.last_error_reason,
  s.last_error,
  w.entries_7d,
  w.articles_7d,
  s.poll_interval
FROM ingest.feeds AS f
JOIN ingest.feed_state AS s USING (feed_id)
CROSS JOIN LATERAL (
  SELECT count(*)::int AS entries_7d, count(DISTINCT p.article_id)::int AS articles_7d
  FROM ingest.entries AS e
  LEFT JOIN ingest.publications AS p USING (article_id)
  WHERE e.feed_id = f.feed_id
    AND e.first_seen_at > s.last_polled_at - interval '7 days'
) AS w;

COMMENT ON VIEW news.feeds IS 'The feeds, how they fare, and when each is polled next.';
COMMENT ON COLUMN news.feeds.feed_id IS 'number of the feed';
COMMENT ON COLUMN news.feeds.url IS 'address that is polled';
COMMENT ON COLUMN news.feeds.title IS 'title the feed gives itself';
COMMENT ON COLUMN news.feeds.site_url IS 'home page the feed names';
COMMENT ON COLUMN news.feeds.language IS 'language the feed declares';
COMMENT ON COLUMN news.feeds.category IS 'folder given by the operator';
COMMENT ON COLUMN news.feeds.state IS 'active, paused or gone; see news.values';
COMMENT ON COLUMN news.feeds.last_polled_at IS 'when it was last asked for';
COMMENT ON COLUMN news.feeds.next_poll_at IS 'when it is due; NULL when it is not polled';
COMMENT ON COLUMN news.feeds.next_poll_reason IS 'what decided next_poll_at';
COMMENT ON COLUMN news.feeds.last_success_at IS 'when it last answered with a document or with not modified';
COMMENT ON COLUMN news.feeds.failure_streak IS 'failed polls since the last success';
COMMENT ON COLUMN news.feeds.last_error_reason IS 'reason of the last failed poll of this streak; see news.values';
COMMENT ON COLUMN news.feeds.last_error IS 'what was seen in that failed poll';
COMMENT ON COLUMN news.feeds.entries_7d IS 'entries first seen in the 7 days before last_polled_at';
COMMENT ON COLUMN news.feeds.articles_7d IS 'published articles among them';
COMMENT ON COLUMN news.feeds.poll_interval IS 'interval that the policy asks for, before hints and jitter';
