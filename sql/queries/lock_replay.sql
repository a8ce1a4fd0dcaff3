-- One replay at a time on one database; the lock ends with its connection.
SELECT pg_try_advisory_lock(%(lock_class)s, %(lock)s);
