-- Hosts that are asked soonest: their names must be found.
SELECT host
FROM ingest.feed_state
WHERE due_at IS NOT NULL
GROUP BY host
ORDER BY min(due_at), host
LIMIT 3;
