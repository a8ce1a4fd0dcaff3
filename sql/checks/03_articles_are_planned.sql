-- Every article is done, or due within its limit, counted from its last event; every one has a place in the queue.
SELECT a.article_id, s.stage, s.due_at
FROM ingest.articles AS a
LEFT JOIN ingest.article_state AS s USING (article_id)
WHERE s.article_id IS NULL
  OR s.due_at > greatest(a.first_seen_at, a.fetched_at, a.last_checked_at, s.failed_at) + interval '8 days';
