-- Where the headline in the feed differs from the one on the page.
SELECT a.article_id, a.site, e.title AS in_feed, a.title AS on_page
FROM news.entries AS e
JOIN news.articles AS a USING (article_id)
WHERE e.title IS DISTINCT FROM a.title
ORDER BY a.article_id, e.entry_id;
