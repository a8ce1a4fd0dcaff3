-- Remove fetches past their age, oldest first; those of polls that are still there wait for them.
DELETE FROM ingest.fetches
WHERE fetch_id IN (
  SELECT f.fetch_id
  FROM ingest.fetches AS f
  WHERE f.fetched_at < %(before)s
    AND NOT EXISTS (SELECT FROM ingest.polls AS p WHERE p.fetch_id = f.fetch_id)
  ORDER BY f.fetched_at
  LIMIT %(most)s
  FOR UPDATE OF f SKIP LOCKED
);
