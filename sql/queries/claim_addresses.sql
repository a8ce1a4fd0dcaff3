-- Every address of the pages becomes their article's, unless it is somebody's already. Inserted in one order.
INSERT INTO ingest.article_urls (url_digest, url_key, article_id, seen_at)
SELECT url_digest, url_key, article_id, seen_at
FROM unnest(
  %(digests)b::bytea[], %(keys)b::text[], %(article_ids)b::bigint[], %(times)b::timestamptz[]
) WITH ORDINALITY AS t (url_digest, url_key, article_id, seen_at, nth)
ORDER BY url_digest, nth
ON CONFLICT (url_digest) DO NOTHING;
