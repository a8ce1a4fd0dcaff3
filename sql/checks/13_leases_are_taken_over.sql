-- A lease that ran out is taken over: none waits while others are polled for an hour and its host is not held.
SELECT late.kind, late.id, late.due_at
FROM (
  SELECT 'feed' AS kind, feed_id AS id, host, due_at
  FROM ingest.feed_state
  WHERE lease_token IS NOT NULL
  UNION ALL
  SELECT 'article', article_id, host, due_at
  FROM ingest.article_state
  WHERE lease_token IS NOT NULL
) AS late
JOIN ingest.hosts AS h USING (host)
CROSS JOIN LATERAL (
  SELECT min(p.polled_at) AS first_at, max(p.polled_at) AS last_at
  FROM ingest.polls AS p
  WHERE p.polled_at > late.due_at
) AS since
WHERE since.last_at - since.first_at > interval '1 hour'
  AND h.next_request_at <= since.last_at
  AND h.hold_reason IS NULL;
