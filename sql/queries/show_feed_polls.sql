-- Its last polls.
SELECT polled_at, outcome, status, seen, new, known, updated, skipped, rejected, reason, message
FROM news.polls
WHERE feed_id = %(feed_id)s
ORDER BY polled_at DESC
LIMIT 10;
