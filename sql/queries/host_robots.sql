-- What is known of a host's robots.txt now.
SELECT robots AS text, robots_reason AS reason, robots_fetched_at AS fetched_at
FROM ingest.hosts
WHERE host = %(host)s;
