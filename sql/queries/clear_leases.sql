-- A replay that was killed holds nothing: what it had claimed is as it was before the claim.
WITH hosts AS (
  UPDATE ingest.hosts
  SET leased_until = NULL, lease_token = NULL
  WHERE lease_token IS NOT NULL
),
feeds AS (
  UPDATE ingest.feed_state
  SET lease_token = NULL, due_at = due_at - %(lease)s::interval, attempts = attempts - 1
  WHERE lease_token IS NOT NULL
)
UPDATE ingest.article_state
SET lease_token = NULL, begun = false, due_at = due_at - %(lease)s::interval, attempts = attempts - 1
WHERE lease_token IS NOT NULL;
