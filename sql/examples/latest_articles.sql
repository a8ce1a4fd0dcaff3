-- The newest articles, one of each story.
SELECT published_at, site, title, url
FROM news.articles
WHERE is_lead AND published_at IS NOT NULL
ORDER BY published_at DESC
LIMIT 50;
