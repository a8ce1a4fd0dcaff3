-- From now on this database holds a replayed world.
UPDATE ingest.purpose
SET purpose = 'replay';
