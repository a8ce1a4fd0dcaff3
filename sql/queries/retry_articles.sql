-- An operator wants failed pages tried again: due at once, a week after their last event at most. What is in hand is left.
UPDATE ingest.article_state AS s
SET stage = 'fetch',
  outcome = 'failed',
  due_at = least(%(now)s, greatest(s.failed_at, a.first_seen_at) + interval '7 days'),
  lease_token = NULL,
  attempts = 0,
  deaths = 0,
  begun = false,
  expiries = 0,
  failing_since = NULL
FROM ingest.articles AS a
WHERE a.article_id = s.article_id
  AND s.outcome IN ('failed', 'quarantined', 'capped')
  AND (s.lease_token IS NULL OR s.due_at <= %(now)s)
  AND (%(ids)s::bigint[] IS NULL OR s.article_id = ANY (%(ids)s::bigint[]))
  AND (%(reason)s::text IS NULL OR s.reason = %(reason)s)
  AND (%(site)s::text IS NULL OR a.site = %(site)s)
RETURNING s.article_id;
