-- Claims that were not worked on go back at once.
UPDATE ingest.article_state
SET due_at = %(now)s, lease_token = NULL, begun = false, attempts = attempts - 1
WHERE article_id = ANY (%(article_ids)b::bigint[]) AND lease_token = ANY (%(tokens)b::uuid[]);
