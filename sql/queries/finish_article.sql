-- What became of the article and when its page is asked for next; gives the lease back.
UPDATE ingest.article_state
SET stage = %(stage)s,
  outcome = %(outcome)s,
  due_at = %(due_at)s,
  lease_token = NULL,
  attempts = %(attempts)s,
  deaths = %(deaths)s,
  begun = false,
  expiries = 0,
  unchanged_checks = %(unchanged_checks)s,
  reason = %(reason)s,
  message = %(message)s,
  failing_since = %(failing_since)s,
  failed_at = %(failed_at)s
WHERE article_id = %(article_id)s;
