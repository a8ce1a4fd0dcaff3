-- Every published article stands in a story with exactly one lead, and a merged number leads to a living story.
SELECT p.story_id, count(*) FILTER (WHERE p.is_lead) AS leads
FROM ingest.publications AS p
JOIN ingest.stories AS s USING (story_id)
GROUP BY p.story_id, s.lead_article_id
HAVING count(*) FILTER (WHERE p.is_lead) <> 1
  OR count(*) FILTER (WHERE p.is_lead AND p.article_id = s.lead_article_id) <> 1
UNION ALL
SELECT i.old_story_id, 0
FROM ingest.story_ids AS i
JOIN ingest.stories AS s ON s.story_id = i.old_story_id;
