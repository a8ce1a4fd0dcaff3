-- An operator wants failing feeds polled again now; holds and politeness still apply.
UPDATE ingest.feed_state AS s
SET due_at = %(now)s, due_reason = 'retry', plan = '[]'
FROM ingest.feeds AS f
WHERE f.feed_id = s.feed_id
  AND f.state = 'active'
  AND s.lease_token IS NULL
  AND s.last_error_reason IS NOT NULL
  AND (%(ids)s::bigint[] IS NULL OR s.feed_id = ANY (%(ids)s::bigint[]))
  AND (%(reason)s::text IS NULL OR s.last_error_reason = %(reason)s)
  AND (%(site)s::text IS NULL OR s.host = %(site)s OR s.host LIKE '%%.' || %(site)s)
RETURNING s.feed_id;
