-- Which articles are known under these addresses.
SELECT url_digest, article_id
FROM ingest.article_urls
WHERE url_digest = ANY (%(digests)b::bytea[]);
