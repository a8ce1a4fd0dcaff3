-- The owner of these claims lives: push the leases of the feeds it still holds.
UPDATE ingest.feed_state
SET due_at = %(until)s
WHERE feed_id = ANY (%(feed_ids)b::bigint[]) AND lease_token = ANY (%(tokens)b::uuid[])
RETURNING feed_id;
