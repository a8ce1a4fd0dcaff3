-- What operators said of the articles of a story.
SELECT
  r.article_id, r.other_article_id, r.ruling, r.ruled_at, r.ruled_by, r.reason, r.lifted_at
FROM news.story_rulings AS r
WHERE EXISTS (
  SELECT FROM news.articles AS a
  WHERE a.story_id = %(story_id)s AND a.article_id IN (r.article_id, r.other_article_id)
)
ORDER BY r.ruled_at, r.article_id, r.other_article_id;
