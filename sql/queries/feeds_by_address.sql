-- The feeds that are, or were, known under these addresses; for one that was merged, the other.
SELECT u.url_digest, known.feed_id, known.url, known.state
FROM ingest.feed_urls AS u
JOIN ingest.feeds AS named USING (feed_id)
JOIN ingest.feeds AS known ON known.feed_id = coalesce(named.merged_into, named.feed_id)
WHERE u.url_digest = ANY (%(digests)b::bytea[]);
