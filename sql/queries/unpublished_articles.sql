-- The next batch to publish, in the order of the articles' numbers.
SELECT
  u.article_id, a.site, a.published_at, a.first_seen_at, s.hashes,
  s.text_hash, s.token_count, p.story_id, p.ingest_seq
FROM ingest.unpublished AS u
JOIN ingest.articles AS a USING (article_id)
JOIN ingest.signatures AS s USING (article_id)
LEFT JOIN ingest.publications AS p USING (article_id)
ORDER BY u.article_id
LIMIT %(most)s
FOR UPDATE OF u SKIP LOCKED;
