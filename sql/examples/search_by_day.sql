-- How often a subject is written about, by day (of the 1,000 newest matches).
SELECT (published_at AT TIME ZONE 'UTC')::date AS day, count(*) AS articles
FROM news.search('biden or ukraine', lim => 1000)
GROUP BY day
ORDER BY day;
