-- Feeds that take long to answer.
SELECT p.feed_id, f.url, count(*) AS polls, avg(p.duration_seconds) AS mean_seconds, max(p.duration_seconds) AS longest_seconds
FROM news.polls AS p
JOIN news.feeds AS f USING (feed_id)
GROUP BY p.feed_id, f.url
ORDER BY mean_seconds DESC, p.feed_id
LIMIT 20;
