-- Feeds return to the queue, due now; one that is being polled at the moment is left to that.
WITH resumed AS (
  UPDATE ingest.feeds
  SET state = 'active'
  WHERE feed_id = ANY (%(feed_ids)b::bigint[])
    AND state NOT IN ('removed', 'merged')
  RETURNING feed_id
),
due AS (
  UPDATE ingest.feed_state AS s
  SET due_at = %(now)s, due_reason = 'resumed', gone_streak = 0, gone_since = NULL, plan = '[]'
  FROM resumed
  WHERE s.feed_id = resumed.feed_id AND s.lease_token IS NULL
)
SELECT feed_id FROM resumed;
