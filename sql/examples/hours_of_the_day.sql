-- At which hours (UTC) sites publish.
SELECT extract(hour FROM published_at AT TIME ZONE 'UTC')::int AS hour, count(*) AS articles, count(DISTINCT site) AS sites
FROM news.articles
WHERE published_at IS NOT NULL
GROUP BY hour
ORDER BY hour;
