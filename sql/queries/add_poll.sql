-- Record one poll with its counts.
INSERT INTO ingest.polls (
  feed_id, fetch_id, polled_at, outcome, status, duration_seconds, bytes,
  seen, new, known, updated, skipped, rejected, reason, message, gap
)
VALUES (
  %(feed_id)s, %(fetch_id)s, %(polled_at)s, %(outcome)s, %(status)s, %(duration_seconds)s, %(bytes)s,
  %(seen)s, %(new)s, %(known)s, %(updated)s, %(skipped)s, %(rejected)s, %(reason)s, %(message)s, %(gap)s
)
RETURNING poll_id;
