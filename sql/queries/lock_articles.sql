-- Two articles that may be one: locked in one order, so that they cannot both give way. Rows that refer to them do not wait.
SELECT a.article_id, a.alias_of, a.revision_count > 0 AS has_text,
  s.outcome = 'pending' OR s.lease_token IS NOT NULL AS may_get_text,
  s.outcome = 'removed' AS is_removed
FROM ingest.articles AS a
JOIN ingest.article_state AS s USING (article_id)
WHERE a.article_id = ANY (%(article_ids)b::bigint[])
ORDER BY a.article_id
FOR NO KEY UPDATE OF a;
