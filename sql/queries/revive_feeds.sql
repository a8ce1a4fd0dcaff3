-- An address that is added again brings back the feed that was taken off the list.
WITH away AS MATERIALIZED (
  SELECT s.feed_id
  FROM ingest.feed_state AS s
  JOIN ingest.feeds AS f USING (feed_id)
  JOIN ingest.feed_urls AS u USING (feed_id)
  WHERE u.url_digest = ANY (%(digests)b::bytea[])
    AND f.state = 'removed'
  ORDER BY s.feed_id
  FOR UPDATE OF s
),
back AS (
  UPDATE ingest.feeds
  SET state = 'active'
  WHERE feed_id IN (SELECT feed_id FROM away)
    AND state = 'removed'
  RETURNING feed_id
)
UPDATE ingest.feed_state AS s
SET due_at = %(now)s, due_reason = 'added again', gone_streak = 0, gone_since = NULL
FROM back
WHERE s.feed_id = back.feed_id
RETURNING s.feed_id;
