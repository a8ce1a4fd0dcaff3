-- What an operator set for one feed that is on the list.
SELECT f.given_title AS title, f.category, f.every_seconds, f.fetch_pages, coalesce(h.headers, '{}') AS headers
FROM ingest.feeds AS f
LEFT JOIN ingest.feed_headers AS h USING (feed_id)
WHERE f.feed_id = %(feed_id)s
  AND f.state NOT IN ('removed', 'merged');
