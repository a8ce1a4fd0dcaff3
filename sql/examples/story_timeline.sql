-- One story from its first telling on: who carried it when, and how like the lead.
SELECT a.published_at, a.first_seen_at, a.site, a.duplicate_kind, l.score, a.word_count, a.title
FROM news.stories AS s
JOIN news.articles AS a USING (story_id)
LEFT JOIN news.story_links AS l
  ON l.article_id = greatest(a.article_id, s.lead_article_id)
  AND l.other_article_id = least(a.article_id, s.lead_article_id)
WHERE s.story_id = 7
ORDER BY a.published_at, a.article_id;
