-- Feeds that answer but bring nothing new: no entry in the two days before their last poll.
SELECT f.feed_id, f.title, f.url, f.last_polled_at, newest.first_seen_at AS last_new_at,
  f.last_polled_at - newest.first_seen_at AS quiet_for
FROM news.feeds AS f
LEFT JOIN LATERAL (
  SELECT e.first_seen_at
  FROM news.entries AS e
  WHERE e.feed_id = f.feed_id
  ORDER BY e.first_seen_at DESC
  LIMIT 1
) AS newest ON true
WHERE f.state = 'active'
  AND f.failure_streak = 0
  AND (newest.first_seen_at IS NULL OR newest.first_seen_at < f.last_polled_at - interval '2 days')
ORDER BY quiet_for DESC NULLS FIRST;
