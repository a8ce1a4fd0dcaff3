-- What robots.txt said, kept for a day; NULL with robots_refused when it could not say.
UPDATE ingest.hosts
SET robots = %(robots)s, robots_refused = %(refused)s, robots_fetched_at = %(fetched_at)s
WHERE host = %(host)s;
