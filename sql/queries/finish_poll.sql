-- What the poll taught about the feed, and when it is asked next; gives the lease back.
UPDATE ingest.feed_state
SET due_at = %(due_at)s,
  due_reason = %(due_reason)s,
  lease_token = NULL,
  attempts = 0,
  etag = %(etag)s,
  last_modified = %(last_modified)s,
  body_sha256 = %(body_sha256)s,
  last_polled_at = %(polled_at)s,
  last_success_at = %(last_success_at)s,
  failure_streak = %(failure_streak)s,
  failing_since = %(failing_since)s,
  gone_streak = %(gone_streak)s,
  gone_since = %(gone_since)s,
  moved_to = %(moved_to)s,
  moved_streak = %(moved_streak)s,
  moved_since = %(moved_since)s,
  entry_rate = %(entry_rate)s,
  poll_interval = make_interval(secs => %(interval_seconds)s),
  last_error_reason = %(error_reason)s,
  last_error = %(error)s
WHERE feed_id = %(feed_id)s;
