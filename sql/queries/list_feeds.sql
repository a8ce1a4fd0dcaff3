-- The feeds at a glance.
SELECT feed_id AS id, title, url, state, last_polled_at, next_poll_at, failure_streak AS failures,
  last_error_reason AS last_error, articles_7d
FROM news.feeds
ORDER BY feed_id;
