-- Fence: only the holder of the lease may write what a poll brought.
SELECT feed_id
FROM ingest.feed_state
WHERE feed_id = %(feed_id)s AND lease_token = %(token)s
FOR UPDATE;
