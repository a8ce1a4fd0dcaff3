-- The place of an article that nobody works on now; it stays so until the transaction ends.
SELECT s.article_id, a.url, a.url_key, s.host, coalesce(s.due_at, %(now)s) AS due_at,
  %(token)s::uuid AS lease_token, s.stage, s.outcome, s.attempts, s.deaths, s.unchanged_checks,
  s.reason, s.message, s.failing_since, s.failed_at, a.fetched_at, a.text_source, a.access,
  (
    SELECT min(r.seen_at) FROM ingest.revisions AS r WHERE r.article_id = a.article_id
  ) AS first_fetched_at
FROM ingest.article_state AS s
JOIN ingest.articles AS a USING (article_id)
WHERE s.article_id = %(article_id)s AND s.lease_token IS NULL
FOR NO KEY UPDATE OF s;
