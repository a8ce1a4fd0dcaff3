-- An active feed that shows the same: at an address that differs in scheme, www. or a slash, or at the one that answered.
SELECT f.feed_id
FROM ingest.feeds AS f
JOIN ingest.feed_state AS s USING (feed_id)
WHERE f.feed_id <> %(feed_id)s
  AND f.state = 'active'
  AND (
    ingest.feed_likeness(f.url) = ingest.feed_likeness(%(url)s)
    OR f.feed_id = (SELECT u.feed_id FROM ingest.feed_urls AS u WHERE u.url_digest = %(answered)s)
  )
  AND (
    s.body_sha256 = %(body_sha256)s
    OR cardinality(%(identities)b::bytea[]) < 2 * (
      SELECT count(*)
      FROM ingest.entries AS e
      WHERE e.feed_id = f.feed_id AND e.identity = ANY (%(identities)b::bytea[])
    )
  )
ORDER BY f.feed_id
LIMIT 1;
