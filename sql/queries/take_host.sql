-- A redirect leads to this host: lease it if nobody talks to it and it may be asked now.
INSERT INTO ingest.hosts AS h (host, next_request_at, leased_until, lease_token)
VALUES (%(host)s, %(now)s, %(now)s::timestamptz + %(lease)s::interval, %(token)s)
ON CONFLICT (host) DO UPDATE
SET leased_until = excluded.leased_until, lease_token = excluded.lease_token, hold_reason = NULL
WHERE h.next_request_at <= %(now)s AND coalesce(h.leased_until <= %(now)s, true);
