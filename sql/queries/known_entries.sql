-- Which of a document's entries are stored, and whether they changed: keys only, no bodies.
SELECT entry_id, identity, identity_rung AS rung, content_digest, article_id, guid, url
FROM ingest.entries
WHERE feed_id = %(feed_id)s AND identity = ANY (%(identities)b::bytea[]);
