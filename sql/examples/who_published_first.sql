-- Who published first: stories told by several sites, with the first and how long the others took.
SELECT
  s.title,
  first.site AS first_site,
  first.published_at,
  a.site,
  a.published_at - first.published_at AS later_by,
  a.duplicate_kind
FROM news.stories AS s
CROSS JOIN LATERAL (
  SELECT site, published_at
  FROM news.articles
  WHERE story_id = s.story_id
  ORDER BY published_at, article_id
  LIMIT 1
) AS first
JOIN news.articles AS a ON a.story_id = s.story_id AND a.site <> first.site
WHERE s.site_count > 1
ORDER BY s.first_published_at DESC, a.published_at;
