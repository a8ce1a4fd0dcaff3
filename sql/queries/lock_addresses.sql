-- Which articles are known under these addresses; none of them gives way to another before this transaction ends.
SELECT u.url_digest, u.article_id
FROM ingest.article_urls AS u
JOIN ingest.articles AS a USING (article_id)
WHERE u.url_digest = ANY (%(digests)b::bytea[])
ORDER BY u.article_id
FOR SHARE;
