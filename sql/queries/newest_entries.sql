-- The entries that a feed showed last, which tell whether its identifiers differ from each other.
SELECT e.entry_id, e.identity, e.identity_rung AS rung, e.content_digest, e.article_id, e.guid, e.url,
  e.title, e.published_at, e.published_raw, e.flags,
  left(coalesce(e.content, e.summary, ''), 4000) AS body,
  EXISTS (SELECT FROM ingest.removals AS r WHERE r.article_id = e.article_id) AS is_removed
FROM ingest.entries AS e
WHERE e.feed_id = %(feed_id)s
ORDER BY e.first_seen_at DESC, e.entry_id DESC
LIMIT %(most)s;
