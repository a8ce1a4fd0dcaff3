-- Feeds leave the queue; a poll that is under way loses its lease, so it can bring none back.
WITH stopped AS (
  UPDATE ingest.feeds
  SET state = %(state)s
  WHERE feed_id = ANY (%(feed_ids)b::bigint[])
    AND state NOT IN ('removed', 'merged')
  RETURNING feed_id
)
UPDATE ingest.feed_state AS s
SET due_at = NULL, due_reason = %(state)s, lease_token = NULL, attempts = 0, plan = '[]'
FROM stopped
WHERE s.feed_id = stopped.feed_id
RETURNING s.feed_id;
