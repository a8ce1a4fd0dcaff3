-- The next batch to publish, in the order of the articles' numbers; an article that is being written waits for the next.
SELECT u.article_id, a.first_seen_at, s.is_compared, p.story_id, p.ingest_seq
FROM ingest.unpublished AS u
JOIN ingest.articles AS a USING (article_id)
JOIN ingest.signatures AS s USING (article_id)
LEFT JOIN ingest.publications AS p USING (article_id)
ORDER BY u.article_id
LIMIT %(most)s
FOR UPDATE OF u, s SKIP LOCKED;
