-- Every outcome that is not ok has a reason and a message.
SELECT 'article' AS kind, article_id AS id
FROM ingest.article_state
WHERE outcome IN ('failed', 'quarantined', 'capped') AND (reason IS NULL OR message IS NULL)
UNION ALL
SELECT 'poll', poll_id
FROM ingest.polls
WHERE outcome = 'failed' AND (reason IS NULL OR message IS NULL)
UNION ALL
SELECT 'entry', entry_id
FROM ingest.entries
WHERE article_id IS NULL AND reason IS NULL;
