-- The place of an article that nobody works on now; it stays so until the transaction ends.
SELECT s.article_id, a.url, s.host, coalesce(s.due_at, %(now)s) AS due_at,
  %(token)s::uuid AS lease_token, s.stage, s.outcome, s.attempts, s.deaths, 0 AS expiries,
  s.unchanged_checks, s.failing_since, a.fetched_at,
  (
    SELECT min(r.seen_at) FROM ingest.revisions AS r WHERE r.article_id = a.article_id
  ) AS first_fetched_at
FROM ingest.article_state AS s
JOIN ingest.articles AS a USING (article_id)
WHERE s.article_id = %(article_id)s AND s.lease_token IS NULL
FOR NO KEY UPDATE OF s;
