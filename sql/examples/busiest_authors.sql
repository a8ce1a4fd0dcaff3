-- Who wrote most, and for whom.
SELECT author, array_agg(DISTINCT site) AS sites, count(*) AS articles, max(published_at) AS last_published_at
FROM news.articles, unnest(authors) AS author
WHERE is_lead
GROUP BY author
ORDER BY articles DESC, author
LIMIT 20;
