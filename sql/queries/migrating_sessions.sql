-- Who holds the lock of migrations: any role may, and everybody sees who does.
SELECT l.pid, a.usename AS role, a.application_name AS application
FROM pg_locks AS l
JOIN pg_stat_activity AS a USING (pid)
WHERE l.locktype = 'advisory'
  AND (l.classid, l.objid, l.objsubid) = (%(class)s::oid, %(object)s::oid, 2)
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.granted
ORDER BY l.pid;
