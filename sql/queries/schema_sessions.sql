-- Who is in the middle of a transaction that has read or written what is ours: it holds locks until it ends.
SELECT DISTINCT l.pid, a.usename AS role, a.application_name AS application
FROM pg_locks AS l
JOIN pg_class AS c ON c.oid = l.relation
JOIN pg_stat_activity AS a USING (pid)
WHERE l.locktype = 'relation'
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND c.relnamespace IN (to_regnamespace('ingest'), to_regnamespace('news'))
  AND l.granted
  AND l.pid <> pg_backend_pid()
ORDER BY l.pid;
