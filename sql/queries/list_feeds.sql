-- The feeds at a glance.
SELECT feed_id, title, url, state, last_polled_at, next_poll_at, failure_streak, last_error_reason, articles_7d
FROM news.feeds
ORDER BY feed_id;
