-- The stories that most sites carried.
SELECT story_id, title, article_count, site_count, last_published_at - first_published_at AS ran_for
FROM news.stories
WHERE article_count > 1
ORDER BY site_count DESC, article_count DESC, story_id
LIMIT 20;
