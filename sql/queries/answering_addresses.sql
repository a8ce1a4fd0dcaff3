-- Addresses that answered last: what to look at when nothing answers any more.
SELECT final_url
FROM ingest.fetches
WHERE status IS NOT NULL
ORDER BY fetched_at DESC
LIMIT 200;
