-- Fence: only the holder of a lease may write what a page brought. Locked in one order.
SELECT s.article_id
FROM ingest.article_state AS s
JOIN unnest(%(article_ids)b::bigint[], %(tokens)b::uuid[]) AS t (article_id, lease_token)
  USING (article_id)
WHERE s.lease_token = t.lease_token
ORDER BY s.article_id
FOR UPDATE OF s;
