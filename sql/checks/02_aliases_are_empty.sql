-- An alias has no entries, no addresses of its own and no place in the queue, and leads to an article that is none.
SELECT a.article_id, a.alias_of
FROM ingest.articles AS a
JOIN ingest.articles AS root ON root.article_id = a.alias_of
JOIN ingest.article_state AS s ON s.article_id = a.article_id
WHERE root.alias_of IS NOT NULL
  OR s.outcome <> 'alias'
  OR EXISTS (SELECT FROM ingest.entries AS e WHERE e.article_id = a.article_id)
  OR EXISTS (SELECT FROM ingest.article_urls AS u WHERE u.article_id = a.article_id);
