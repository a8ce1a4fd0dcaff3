-- The feed lives at another address for good; not when that address is a feed of its own.
WITH addressed AS (
  INSERT INTO ingest.feed_urls (url_digest, url, feed_id, seen_at)
  VALUES (%(url_digest)s, %(url)s, %(feed_id)s, %(now)s)
  ON CONFLICT (url_digest) DO UPDATE
  SET seen_at = feed_urls.seen_at
  WHERE feed_urls.feed_id = excluded.feed_id
  RETURNING feed_id
),
moved AS (
  UPDATE ingest.feeds AS f
  SET url = %(url)s, url_digest = %(url_digest)s
  FROM addressed
  WHERE f.feed_id = addressed.feed_id
  RETURNING f.feed_id
)
UPDATE ingest.feed_state AS s
SET host = %(host)s, moved_to = NULL, moved_streak = 0, moved_since = NULL
FROM moved
WHERE s.feed_id = moved.feed_id;
