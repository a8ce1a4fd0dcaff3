-- Which of these stories an operator holds apart.
SELECT DISTINCT p.story_id, o.story_id AS other_story_id
FROM ingest.story_rulings AS r
JOIN ingest.publications AS p USING (article_id)
JOIN ingest.publications AS o ON o.article_id = r.other_article_id
WHERE r.ruling = 'apart'
  AND r.lifted_at IS NULL
  AND p.story_id = ANY (%(story_ids)b::bigint[])
  AND o.story_id = ANY (%(story_ids)b::bigint[]);
