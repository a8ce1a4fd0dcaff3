-- A service starts: its row, and its number.
INSERT INTO ingest.services (host, pid, version, started_at, beat_at, state, doing, jobs)
VALUES (%(host)s, %(pid)s, %(version)s, %(now)s, %(now)s, 'running', '', '{}')
RETURNING service_id;
