-- One publisher at a time; whoever comes second goes away. Its own statement: what follows must see all that was committed before.
SELECT ingest_seq, change_seq
FROM ingest.singletons
WHERE name = 'publish'
FOR UPDATE SKIP LOCKED;
