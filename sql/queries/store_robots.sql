-- What robots.txt said, kept for a day; or why it could not be had, so that nothing may be asked.
UPDATE ingest.hosts
SET robots = %(robots)s, robots_reason = %(reason)s, robots_fetched_at = %(fetched_at)s
WHERE host = %(host)s;
