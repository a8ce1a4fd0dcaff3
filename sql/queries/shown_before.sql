-- How many of these entries, new by their guids, the feed has shown: under the same link and title, or without a link the same in all.
SELECT count(*)
FROM unnest(%(url_digests)b::bytea[], %(titles)b::text[], %(content_digests)b::bytea[])
  AS t (url_digest, title, content_digest)
WHERE CASE
  WHEN t.url_digest IS NULL THEN EXISTS (
    SELECT
    FROM ingest.entries AS e
    WHERE e.feed_id = %(feed_id)s
      AND e.first_seen_at > %(since)s
      AND e.content_digest = t.content_digest
  )
  ELSE EXISTS (
    SELECT
    FROM ingest.article_urls AS u
    JOIN ingest.entries AS e USING (article_id)
    WHERE u.url_digest = t.url_digest
      AND e.feed_id = %(feed_id)s
      AND e.title IS NOT DISTINCT FROM t.title
  )
END;
