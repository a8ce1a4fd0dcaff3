-- The caller is done with a host; the next request may come after the interval or the hold.
UPDATE ingest.hosts
SET leased_until = NULL,
  lease_token = NULL,
  next_request_at = greatest(next_request_at, %(next_request_at)s)
WHERE host = %(host)s AND lease_token = %(token)s;
