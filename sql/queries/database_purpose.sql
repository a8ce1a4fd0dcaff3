-- Whether this database holds the live world or a replayed one.
SELECT purpose
FROM ingest.purpose;
