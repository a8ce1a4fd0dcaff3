-- How far publication dates can be trusted: where each site's come from.
SELECT site, published_source, v.meaning, count(*) AS articles
FROM news.articles AS a
LEFT JOIN news.values AS v ON v.column_name = 'articles.published_source' AND v.value = a.published_source
GROUP BY site, published_source, v.meaning
ORDER BY site, articles DESC;
