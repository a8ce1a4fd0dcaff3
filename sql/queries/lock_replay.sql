-- One replay at a time on one database; the lock ends with its transaction, which lasts as long as the replay.
SELECT pg_try_advisory_xact_lock(%(lock_class)s, %(lock)s);
