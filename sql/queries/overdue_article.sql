-- The article that waits longest although its host was free all the time since.
SELECT s.article_id AS id, a.url, s.due_at
FROM ingest.article_state AS s
JOIN ingest.articles AS a USING (article_id)
CROSS JOIN LATERAL (
  SELECT
  FROM ingest.hosts AS h
  WHERE h.host = s.host
    AND h.next_request_at < %(before)s
    AND coalesce(h.leased_until < %(before)s, true)
  OFFSET 0
) AS free_host
WHERE s.due_at < %(before)s
ORDER BY s.due_at, s.article_id
LIMIT 1;
