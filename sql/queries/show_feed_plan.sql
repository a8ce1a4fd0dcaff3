-- Why it is polled next when it is.
SELECT input, due_at, note, wins
FROM news.poll_plans
WHERE feed_id = %(feed_id)s
ORDER BY position;
