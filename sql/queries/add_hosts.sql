-- Every host that is to be asked has a row to be locked by.
INSERT INTO ingest.hosts (host, next_request_at)
SELECT DISTINCT host, %(now)s::timestamptz
FROM unnest(%(hosts)b::text[]) AS host
ORDER BY host
ON CONFLICT (host) DO NOTHING;
