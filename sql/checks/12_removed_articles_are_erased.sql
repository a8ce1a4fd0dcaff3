-- A removed article keeps its addresses and nothing that it said, and is never asked for again.
SELECT r.article_id, s.outcome
FROM ingest.removals AS r
JOIN ingest.articles AS a USING (article_id)
LEFT JOIN ingest.article_state AS s USING (article_id)
WHERE s.outcome IS DISTINCT FROM 'removed'
  OR s.due_at IS NOT NULL
  OR a.alias_of IS NOT NULL
  OR EXISTS (SELECT FROM ingest.revisions AS t WHERE t.article_id = r.article_id)
  OR EXISTS (SELECT FROM ingest.search AS t WHERE t.article_id = r.article_id)
  OR EXISTS (SELECT FROM ingest.signatures AS t WHERE t.article_id = r.article_id)
  OR EXISTS (SELECT FROM ingest.publications AS t WHERE t.article_id = r.article_id)
  OR EXISTS (
    SELECT FROM ingest.entries AS e
    WHERE e.article_id = r.article_id AND coalesce(e.title, e.summary, e.content) IS NOT NULL
  );
