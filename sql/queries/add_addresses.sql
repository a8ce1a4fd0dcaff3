-- Further addresses of articles, as their feeds name them; one that is another article's stays its own.
INSERT INTO ingest.article_urls (url_digest, url_key, article_id, seen_at)
SELECT t.url_digest, t.url_key, t.article_id, %(now)s
FROM unnest(%(digests)b::bytea[], %(keys)b::text[], %(article_ids)b::bigint[])
  AS t (url_digest, url_key, article_id)
ORDER BY t.url_digest
ON CONFLICT (url_digest) DO NOTHING;
