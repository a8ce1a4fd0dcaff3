-- Keep the bytes of answers once, however often they come; their age counts from the last time.
INSERT INTO ingest.bodies (body_sha256, body, bytes, stored_at)
SELECT DISTINCT ON (body_sha256) body_sha256, body, bytes, stored_at
FROM unnest(
  %(digests)b::bytea[], %(bodies)b::bytea[], %(sizes)b::bigint[], %(times)b::timestamptz[]
) AS t (body_sha256, body, bytes, stored_at)
ORDER BY body_sha256, stored_at DESC
ON CONFLICT (body_sha256) DO UPDATE
SET stored_at = excluded.stored_at
WHERE bodies.stored_at < excluded.stored_at;
