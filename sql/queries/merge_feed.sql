-- The feed is another one under a second address: that one takes its addresses, and is polled in its place.
WITH merged AS (
  UPDATE ingest.feeds AS f
  SET state = 'merged',
    merged_into = other.feed_id,
    url_digest = sha256(convert_to('merged feed ' || f.feed_id, 'UTF8'))
  FROM ingest.feeds AS other
  WHERE f.feed_id = %(feed_id)s
    AND f.state = 'active'
    AND other.feed_id = %(into_id)s
    AND other.feed_id <> f.feed_id
    AND other.state = 'active'
  RETURNING f.feed_id
),
addresses AS (
  UPDATE ingest.feed_urls AS u
  SET feed_id = %(into_id)s
  FROM merged
  WHERE u.feed_id = merged.feed_id
)
UPDATE ingest.feed_state AS s
SET due_at = NULL, due_reason = 'merged', plan = '[]'
FROM merged
WHERE s.feed_id = merged.feed_id;
