-- Polls that shared no entry with what was known: between them and the poll before, entries may be lost.
SELECT p.feed_id, f.url, p.polled_at, before.polled_at AS polled_before_at, p.new
FROM news.polls AS p
JOIN news.feeds AS f USING (feed_id)
CROSS JOIN LATERAL (
  SELECT max(polled_at) AS polled_at
  FROM news.polls
  WHERE feed_id = p.feed_id AND polled_at < p.polled_at
) AS before
WHERE p.gap
ORDER BY p.polled_at DESC;
