-- Remove the next polls by age; their rejections go with them.
WITH unwanted AS MATERIALIZED (
  SELECT poll_id
  FROM ingest.polls
  WHERE polled_at < %(fetches_since)s
    AND polled_at >= %(from_at)s
  ORDER BY polled_at
  LIMIT %(most)s
  FOR UPDATE SKIP LOCKED
),
removed AS (
  DELETE FROM ingest.polls AS p
  USING unwanted AS u
  WHERE p.poll_id = u.poll_id
  RETURNING p.polled_at
)
SELECT count(*) AS rows, max(polled_at) AS last_at
FROM removed;
