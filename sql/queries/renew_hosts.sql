-- The owner of these claims lives: push the leases of the hosts it still talks to.
UPDATE ingest.hosts
SET leased_until = %(until)s
WHERE host = ANY (%(hosts)b::text[]) AND lease_token = ANY (%(tokens)b::uuid[]);
