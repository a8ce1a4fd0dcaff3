-- What a list calls its feeds, for those that have not told their own names yet.
UPDATE ingest.feeds AS f
SET title = coalesce(f.title, w.title), site_url = coalesce(f.site_url, w.site_url)
FROM unnest(%(digests)b::bytea[], %(titles)b::text[], %(site_urls)b::text[]) AS w (url_digest, title, site_url)
JOIN ingest.feed_urls AS u USING (url_digest)
WHERE f.feed_id = u.feed_id
  AND (f.title IS NULL AND w.title IS NOT NULL OR f.site_url IS NULL AND w.site_url IS NOT NULL);
