-- Which of these addresses are those of articles that were taken down.
SELECT u.url_digest
FROM ingest.removals AS r
JOIN ingest.article_urls AS u USING (article_id)
WHERE u.url_digest = ANY (%(digests)b::bytea[]);
