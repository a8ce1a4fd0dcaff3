-- An operator's order waits for its turn among the publishers. Its own statement, as in lock_publishing.
SELECT ingest_seq, change_seq
FROM ingest.singletons
WHERE name = 'publish'
FOR UPDATE;
