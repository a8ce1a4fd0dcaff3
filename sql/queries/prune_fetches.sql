-- Remove the next fetches by age: one that brought a body stays as long as the body may, one of a poll as long as the poll.
WITH unwanted AS MATERIALIZED (
  SELECT f.fetch_id
  FROM ingest.fetches AS f
  WHERE f.fetched_at < %(fetches_since)s
    AND f.fetched_at >= %(from_at)s
    AND (
      f.body_sha256 IS NULL
      OR f.fetched_at
        < CASE f.purpose WHEN 'feed' THEN %(feeds_since)s::timestamptz ELSE %(pages_since)s::timestamptz END
    )
    AND NOT EXISTS (SELECT FROM ingest.polls AS p WHERE p.fetch_id = f.fetch_id)
  ORDER BY f.fetched_at
  LIMIT %(most)s
  FOR UPDATE OF f SKIP LOCKED
),
removed AS (
  DELETE FROM ingest.fetches AS f
  USING unwanted AS u
  WHERE f.fetch_id = u.fetch_id
  RETURNING f.fetched_at
)
SELECT count(*) AS rows, max(fetched_at) AS last_at
FROM removed;
