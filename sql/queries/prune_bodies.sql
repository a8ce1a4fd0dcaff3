-- Remove the next bodies by age that no fetch within its age had; what somebody writes now is left for later.
WITH unwanted AS MATERIALIZED (
  SELECT b.body_sha256
  FROM ingest.bodies AS b
  WHERE b.stored_at < greatest(%(pages_since)s::timestamptz, %(feeds_since)s::timestamptz)
    AND b.stored_at >= %(from_at)s
    AND NOT EXISTS (
      SELECT
      FROM ingest.fetches AS f
      WHERE f.body_sha256 = b.body_sha256
        AND greatest(f.fetched_at, b.stored_at)
          >= CASE f.purpose WHEN 'feed' THEN %(feeds_since)s::timestamptz ELSE %(pages_since)s::timestamptz END
    )
  ORDER BY b.stored_at
  LIMIT %(most)s
  FOR UPDATE OF b SKIP LOCKED
),
removed AS (
  DELETE FROM ingest.bodies AS b
  USING unwanted AS u
  WHERE b.body_sha256 = u.body_sha256
  RETURNING b.stored_at
)
SELECT count(*) AS rows, max(stored_at) AS last_at
FROM removed;
