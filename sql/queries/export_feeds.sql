-- The list of feeds as it is handed on: no headers, no state.
SELECT url, coalesce(given_title, title) AS title, site_url, category
FROM ingest.feeds
WHERE state NOT IN ('removed', 'merged')
ORDER BY url;
