-- Credentials that stood in addresses, for feeds that have none: those are asked again as another reader.
WITH wanted AS (
  SELECT DISTINCT ON (u.feed_id) u.feed_id, w.headers
  FROM unnest(%(digests)b::bytea[], %(headers)b::jsonb[]) AS w (url_digest, headers)
  JOIN ingest.feed_urls AS u USING (url_digest)
  JOIN ingest.feeds AS f USING (feed_id)
  -- Secrets belong to an origin: a former address may have been another's.
  WHERE substring(u.url FROM '^[a-z]+://[^/?#]+') = substring(f.url FROM '^[a-z]+://[^/?#]+')
  ORDER BY u.feed_id, u.url_digest
),
held AS MATERIALIZED (
  SELECT s.feed_id, w.headers
  FROM ingest.feed_state AS s
  JOIN wanted AS w USING (feed_id)
  WHERE NOT EXISTS (
    SELECT FROM ingest.feed_headers AS h
    WHERE h.feed_id = s.feed_id AND h.headers ? 'Authorization'
  )
  ORDER BY s.feed_id
  FOR UPDATE OF s
),
kept AS (
  INSERT INTO ingest.feed_headers AS h (feed_id, headers)
  SELECT feed_id, headers FROM held
  ON CONFLICT (feed_id) DO UPDATE
  SET headers = h.headers || excluded.headers
  RETURNING feed_id
)
UPDATE ingest.feed_state AS s
SET due_at = CASE WHEN s.due_at IS NOT NULL THEN %(now)s::timestamptz END,
  lease_token = NULL,
  etag = NULL,
  last_modified = NULL,
  body_sha256 = NULL
FROM kept
WHERE s.feed_id = kept.feed_id;
