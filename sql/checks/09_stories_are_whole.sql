-- Every story has exactly one lead, a merged number leads to a living story, and operators' words are kept.
SELECT p.story_id, count(*) FILTER (WHERE p.is_lead) AS leads
FROM ingest.publications AS p
JOIN ingest.stories AS s USING (story_id)
GROUP BY p.story_id, s.lead_article_id
HAVING count(*) FILTER (WHERE p.is_lead) <> 1
  OR count(*) FILTER (WHERE p.is_lead AND p.article_id = s.lead_article_id) <> 1
UNION ALL
SELECT i.old_story_id, 0
FROM ingest.story_ids AS i
JOIN ingest.stories AS s ON s.story_id = i.old_story_id
UNION ALL
SELECT p.story_id, 0
FROM ingest.story_rulings AS r
JOIN ingest.publications AS p USING (article_id)
JOIN ingest.publications AS o ON o.article_id = r.other_article_id
WHERE r.lifted_at IS NULL
  AND (r.ruling = 'together') <> (p.story_id = o.story_id);
