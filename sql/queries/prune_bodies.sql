-- Look at the next bodies by age and remove those that no fetch within its age had; what somebody writes now is left for later.
WITH looked_at AS MATERIALIZED (
  SELECT b.body_sha256, b.stored_at
  FROM ingest.bodies AS b
  WHERE b.stored_at < greatest(%(pages_since)s::timestamptz, %(feeds_since)s::timestamptz)
    AND (b.stored_at, b.body_sha256) > (%(after_at)s::timestamptz, %(after_sha256)s::bytea)
  ORDER BY b.stored_at, b.body_sha256
  LIMIT %(most)s
  FOR UPDATE SKIP LOCKED
),
removed AS (
  DELETE FROM ingest.bodies AS b
  USING looked_at AS l
  WHERE b.body_sha256 = l.body_sha256
    AND NOT EXISTS (
      SELECT
      FROM ingest.fetches AS f
      WHERE f.body_sha256 = b.body_sha256
        AND greatest(f.fetched_at, b.stored_at)
          >= CASE f.purpose WHEN 'feed' THEN %(feeds_since)s::timestamptz ELSE %(pages_since)s::timestamptz END
    )
  RETURNING b.bytes
)
SELECT
  (SELECT count(*) FROM looked_at) AS looked_at,
  (SELECT count(*) FROM removed) AS removed,
  (SELECT stored_at FROM looked_at ORDER BY stored_at DESC, body_sha256 DESC LIMIT 1) AS last_at,
  (SELECT body_sha256 FROM looked_at ORDER BY stored_at DESC, body_sha256 DESC LIMIT 1) AS last_sha256;
