-- Until when a host that asked for it is left alone.
SELECT next_request_at
FROM ingest.hosts
WHERE host = %(host)s AND hold_reason IS NOT NULL AND next_request_at > %(now)s;
