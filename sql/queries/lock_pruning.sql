-- One process prunes at a time; whoever comes second goes away.
SELECT name
FROM ingest.singletons
WHERE name = 'prune'
FOR UPDATE SKIP LOCKED;
