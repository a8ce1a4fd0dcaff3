-- The database's clock is the one clock of all replicas.
SELECT clock_timestamp();
