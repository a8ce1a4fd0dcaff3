-- The owner of these claims lives: push the leases of the articles it still holds.
UPDATE ingest.article_state
SET due_at = %(until)s
WHERE article_id = ANY (%(article_ids)b::bigint[]) AND lease_token = ANY (%(tokens)b::uuid[])
RETURNING article_id;
