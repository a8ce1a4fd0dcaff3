-- The feed that is or was known under an address.
SELECT feed_id
FROM ingest.feed_urls
WHERE url_digest = %(url_digest)s;
