-- A newer text takes the place of the current one.
UPDATE ingest.revisions
SET is_current = false
WHERE article_id = ANY (%(article_ids)b::bigint[]) AND is_current;
