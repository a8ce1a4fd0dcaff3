-- What is known of hosts' robots.txt, and since when.
SELECT host, robots AS text, robots_reason AS reason, robots_fetched_at AS fetched_at
FROM ingest.hosts
WHERE host = ANY (%(hosts)b::text[]);
