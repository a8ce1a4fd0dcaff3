-- What an operator set for one feed, headers apart: those are secret.
WITH dropped AS (
  DELETE FROM ingest.feed_headers
  WHERE feed_id = %(feed_id)s AND %(headers)s::jsonb = '{}'
),
kept AS (
  INSERT INTO ingest.feed_headers (feed_id, headers)
  SELECT %(feed_id)s, %(headers)s
  WHERE %(headers)s::jsonb <> '{}'
  ON CONFLICT (feed_id) DO UPDATE
  SET headers = excluded.headers
)
UPDATE ingest.feeds
SET given_title = %(title)s,
  category = %(category)s,
  every_seconds = %(every_seconds)s,
  fetch_pages = %(fetch_pages)s
WHERE feed_id = %(feed_id)s;
