-- A stored article has exactly one present text, a signature, words to search, and is published or about to be.
SELECT a.article_id
FROM ingest.articles AS a
JOIN ingest.article_state AS s USING (article_id)
LEFT JOIN ingest.publications AS p USING (article_id)
LEFT JOIN ingest.unpublished AS u USING (article_id)
WHERE (s.outcome = 'stored') <> (a.revision_count > 0)
  OR a.revision_count <> (SELECT count(*) FROM ingest.revisions AS r WHERE r.article_id = a.article_id)
  OR (a.revision_count > 0 AND (
    (SELECT count(*) FROM ingest.revisions AS r WHERE r.article_id = a.article_id AND r.is_current) <> 1
    OR NOT EXISTS (SELECT FROM ingest.signatures AS g WHERE g.article_id = a.article_id)
    OR NOT EXISTS (SELECT FROM ingest.search AS w WHERE w.article_id = a.article_id)
    OR (p.article_id IS NULL AND u.article_id IS NULL)
  ));
