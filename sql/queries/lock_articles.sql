-- Two articles that may be one: locked in one order, so that they cannot both give way. Rows that refer to them do not wait.
SELECT article_id, alias_of, revision_count
FROM ingest.articles
WHERE article_id = ANY (%(article_ids)b::bigint[])
ORDER BY article_id
FOR NO KEY UPDATE;
