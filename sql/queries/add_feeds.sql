-- New feeds, due at once; addresses that are known, present or former, are left alone.
WITH wanted AS (
  SELECT *
  FROM unnest(
    %(urls)b::text[], %(digests)b::bytea[], %(hosts)b::text[],
    %(titles)b::text[], %(site_urls)b::text[], %(categories)b::text[]
  ) AS t (url, url_digest, host, title, site_url, category)
),
added AS (
  INSERT INTO ingest.feeds (url, url_digest, title, site_url, state, category, added_at)
  SELECT url, url_digest, title, site_url, 'active', category, %(now)s
  FROM wanted AS w
  WHERE NOT EXISTS (SELECT FROM ingest.feed_urls AS u WHERE u.url_digest = w.url_digest)
  ORDER BY url_digest
  ON CONFLICT (url_digest) DO NOTHING
  RETURNING feed_id, url, url_digest
),
addressed AS (
  INSERT INTO ingest.feed_urls (url_digest, url, feed_id, seen_at)
  SELECT url_digest, url, feed_id, %(now)s
  FROM added
)
INSERT INTO ingest.feed_state (feed_id, host, due_at, due_reason)
SELECT a.feed_id, w.host, %(now)s, 'new'
FROM added AS a
JOIN wanted AS w USING (url_digest)
RETURNING feed_id;
