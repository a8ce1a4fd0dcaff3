-- Every address of the page becomes this article's, unless it is somebody's already.
INSERT INTO ingest.article_urls (url_digest, url_key, article_id, seen_at)
SELECT url_digest, url_key, %(article_id)s, %(now)s
FROM unnest(%(digests)b::bytea[], %(keys)b::text[]) AS t (url_digest, url_key)
ORDER BY url_digest
ON CONFLICT (url_digest) DO NOTHING;
