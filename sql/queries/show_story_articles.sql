-- The articles of a story, the first published first.
SELECT article_id, site, title, published_at, is_lead, duplicate_kind, word_count, url
FROM news.articles
WHERE story_id = %(story_id)s
ORDER BY coalesce(published_at, first_seen_at), article_id;
