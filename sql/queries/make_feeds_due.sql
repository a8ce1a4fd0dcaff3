-- An operator, or a recorded moment, wants these feeds polled; holds and politeness still apply.
UPDATE ingest.feed_state AS s
SET due_at = %(now)s, due_reason = %(reason)s, plan = '[]'
FROM ingest.feeds AS f
WHERE f.feed_id = s.feed_id
  AND f.state = 'active'
  AND s.lease_token IS NULL
  AND (%(feed_ids)s::bigint[] IS NULL OR s.feed_id = ANY (%(feed_ids)s::bigint[]))
  AND NOT EXISTS (
    SELECT FROM ingest.polls AS p
    WHERE p.feed_id = s.feed_id AND p.polled_at = %(now)s
  )
RETURNING s.feed_id;
