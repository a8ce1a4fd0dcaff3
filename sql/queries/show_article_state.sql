-- Where an article stands that is not published.
SELECT a.article_id, a.url, s.stage, s.outcome, s.reason, s.message, s.attempts, s.deaths, s.due_at AS next_attempt_at
FROM ingest.articles AS a
JOIN ingest.article_state AS s USING (article_id)
WHERE a.article_id = %(article_id)s;
