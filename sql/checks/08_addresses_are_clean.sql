-- No stored address holds credentials.
SELECT kind, id, url
FROM (
  SELECT 'feed' AS kind, feed_id AS id, unnest(ARRAY[url, site_url]) AS url FROM ingest.feeds
  UNION ALL
  SELECT 'feed', feed_id, url FROM ingest.feed_urls
  UNION ALL
  SELECT 'feed', feed_id, unnest(ARRAY[moved_to, validated_url]) FROM ingest.feed_state
  UNION ALL
  SELECT 'article', article_id, unnest(ARRAY[url, '//' || url_key, canonical_url, image_url]) FROM ingest.articles
  UNION ALL
  SELECT 'article', article_id, '//' || url_key FROM ingest.article_urls
  UNION ALL
  SELECT 'entry', entry_id, url FROM ingest.entries
  UNION ALL
  SELECT 'entry', entry_id, enclosure ->> 'url'
  FROM ingest.entries, jsonb_array_elements(enclosures) AS enclosure
  UNION ALL
  SELECT 'rejection', rejection_id, url FROM ingest.rejections
  UNION ALL
  SELECT 'fetch', fetch_id, unnest(ARRAY[url, final_url, headers ->> 'location']) FROM ingest.fetches
  UNION ALL
  SELECT 'fetch', fetch_id, hop ->> 0 FROM ingest.fetches, jsonb_array_elements(hops) AS hop
) AS stored
WHERE url ~* '^([a-z][a-z0-9+.-]*:)?//[^/?#]*@' AND url !~* '^([a-z][a-z0-9+.-]*:)?//\*{3}@';
