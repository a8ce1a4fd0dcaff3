-- The feed shows these articles changed: look at their pages again now.
UPDATE ingest.article_state
SET stage = CASE outcome WHEN 'stored' THEN 'recheck' ELSE 'fetch' END,
  due_at = %(now)s,
  unchanged_checks = 0
WHERE article_id = ANY (%(article_ids)b::bigint[])
  AND outcome IN ('stored', 'failed')
  AND lease_token IS NULL
  AND (due_at IS NULL OR due_at > %(now)s);
