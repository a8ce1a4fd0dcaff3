-- The owner of these claims lives: push the leases of what it still holds.
WITH hosts AS (
  UPDATE ingest.hosts
  SET leased_until = %(until)s
  WHERE host = ANY (%(hosts)b::text[]) AND lease_token = ANY (%(tokens)b::uuid[])
),
feeds AS (
  UPDATE ingest.feed_state
  SET due_at = %(until)s
  WHERE feed_id = ANY (%(feed_ids)b::bigint[]) AND lease_token = ANY (%(tokens)b::uuid[])
)
UPDATE ingest.article_state
SET due_at = %(until)s
WHERE article_id = ANY (%(article_ids)b::bigint[]) AND lease_token = ANY (%(tokens)b::uuid[]);
