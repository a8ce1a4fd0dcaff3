-- Fence: only the holder of the lease may write what a page brought.
SELECT article_id
FROM ingest.article_state
WHERE article_id = %(article_id)s AND lease_token = %(token)s
FOR UPDATE;
