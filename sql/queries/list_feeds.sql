-- The feeds at a glance.
SELECT feed_id AS id, title, url, category, state, last_polled_at, next_poll_at, failure_streak AS failures,
  last_error_reason AS last_error, articles_7d
FROM news.feeds
WHERE (%(state)s::text IS NULL OR state = %(state)s)
  AND (
    %(category)s::text IS NULL
    OR category = %(category)s
    OR starts_with(category, %(category)s || '/')
  )
  AND (NOT %(failing)s OR failure_streak > 0)
ORDER BY feed_id;
