-- The article that a number means, and where it stands: an alias means the article it is.
SELECT a.article_id, a.url, s.outcome, p.story_id, r.title,
  (SELECT count(*) FROM ingest.publications AS o WHERE o.story_id = p.story_id) - 1 AS others
FROM ingest.articles AS asked
JOIN ingest.articles AS a ON a.article_id = coalesce(asked.alias_of, asked.article_id)
JOIN ingest.article_state AS s ON s.article_id = a.article_id
LEFT JOIN ingest.publications AS p ON p.article_id = a.article_id
LEFT JOIN ingest.revisions AS r ON r.article_id = a.article_id AND r.is_current
WHERE asked.article_id = %(article_id)s;
