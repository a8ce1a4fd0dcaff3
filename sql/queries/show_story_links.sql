-- Why the articles of a story stand in it.
SELECT l.article_id, l.other_article_id, l.kind, l.score, l.reason, l.holds
FROM news.story_links AS l
JOIN news.articles AS a USING (article_id)
WHERE a.story_id = %(story_id)s
ORDER BY l.article_id, l.other_article_id;
