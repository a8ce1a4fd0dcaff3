-- The article leaves the queue for good; whoever works on it now has lost its lease.
UPDATE ingest.article_state
SET stage = 'done', outcome = 'removed', due_at = NULL, lease_token = NULL, attempts = 0,
  deaths = 0, begun = false, expiries = 0, unchanged_checks = 0, reason = 'tombstoned',
  message = %(message)s, failing_since = NULL, failed_at = NULL
WHERE article_id = %(article_id)s;
