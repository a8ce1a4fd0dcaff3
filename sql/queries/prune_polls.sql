-- Remove polls past their age, oldest first; their rejections go with them.
DELETE FROM ingest.polls
WHERE poll_id IN (
  SELECT poll_id
  FROM ingest.polls
  WHERE polled_at < %(before)s
  ORDER BY polled_at
  LIMIT %(most)s
  FOR UPDATE SKIP LOCKED
);
