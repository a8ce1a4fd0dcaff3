-- The feeds that are, or were, known under these addresses.
SELECT url_digest, feed_id
FROM ingest.feed_urls
WHERE url_digest = ANY (%(digests)b::bytea[]);
