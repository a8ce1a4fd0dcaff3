-- Which headers of its own a feed is asked with; never their values.
SELECT jsonb_object_keys(headers) AS name
FROM ingest.feed_headers
WHERE feed_id = %(feed_id)s
ORDER BY 1;
