-- What is told of texts without reading them whole, and the stories they stand in (NULL: not published).
SELECT s.article_id, a.site, p.story_id, s.text_hash, s.token_count
FROM ingest.signatures AS s
JOIN ingest.articles AS a USING (article_id)
LEFT JOIN ingest.publications AS p USING (article_id)
WHERE s.article_id = ANY (%(article_ids)b::bigint[])
ORDER BY s.article_id;
