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
  OR EXISTS (SELECT FROM ingest.unpublished AS t WHERE t.article_id = r.article_id)
  OR EXISTS (SELECT FROM ingest.story_links AS t WHERE t.article_id = r.article_id)
  OR EXISTS (SELECT FROM ingest.story_links AS t WHERE t.other_article_id = r.article_id)
  OR EXISTS (
    SELECT FROM ingest.entries AS e
    WHERE e.article_id = r.article_id AND coalesce(e.title, e.summary, e.content) IS NOT NULL
  )
UNION ALL
-- One pass over the fingerprints, however many were removed: no index finds them by article.
SELECT DISTINCT r.article_id, 'fingerprints'
FROM ingest.removals AS r
JOIN ingest.fingerprints AS f USING (article_id)
UNION ALL
-- The same bytes may be another's answer too.
SELECT r.article_id, 'body'
FROM ingest.removals AS r
JOIN ingest.articles AS a ON a.article_id = r.article_id OR a.alias_of = r.article_id
JOIN ingest.fetches AS f ON f.article_id = a.article_id
JOIN ingest.bodies AS b USING (body_sha256)
WHERE NOT EXISTS (
  SELECT
  FROM ingest.fetches AS o
  LEFT JOIN ingest.articles AS other ON other.article_id = o.article_id
  WHERE o.body_sha256 = b.body_sha256
    AND coalesce(other.alias_of, other.article_id) IS DISTINCT FROM r.article_id
);
