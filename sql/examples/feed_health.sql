-- Every feed with what it brought in its last week and what is wrong with it, the worst first.
SELECT feed_id, title, state, failure_streak, last_error_reason, last_success_at, next_poll_at, entries_7d, articles_7d
FROM news.feeds
ORDER BY failure_streak DESC, articles_7d, feed_id;
