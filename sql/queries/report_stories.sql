-- Stories that more than one article tells, with how each relates to the lead.
SELECT s.story_id AS story, a.article_id AS id, a.duplicate_kind AS kind, a.site, a.title, a.published_at,
  a.word_count AS words
FROM news.stories AS s
JOIN news.articles AS a USING (story_id)
WHERE s.article_count > 1
ORDER BY s.story_id, a.is_lead DESC, a.published_at, a.article_id
LIMIT %(lim)s;
