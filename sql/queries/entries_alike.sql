-- The feed's entries that those of a document may be: found by any identity, by headline, or at the same address.
WITH alike AS (
  SELECT e.entry_id
  FROM ingest.entries AS e
  WHERE e.feed_id = %(feed_id)s AND e.identity = ANY (%(identities)b::bytea[])
  UNION
  SELECT e.entry_id
  FROM unnest(%(titles)b::text[]) AS t (title)
  CROSS JOIN LATERAL (
    SELECT titled.entry_id
    FROM ingest.entries AS titled
    WHERE titled.feed_id = %(feed_id)s
      AND hashtextextended(titled.title, 0) = hashtextextended(t.title, 0)
      AND titled.title = t.title
    ORDER BY titled.entry_id DESC
    LIMIT %(most)s
  ) AS e
  UNION
  SELECT e.entry_id
  FROM ingest.article_urls AS u
  CROSS JOIN LATERAL (
    SELECT addressed.entry_id
    FROM ingest.entries AS addressed
    WHERE addressed.article_id = u.article_id AND addressed.feed_id = %(feed_id)s
    LIMIT %(most)s
  ) AS e
  WHERE u.url_digest = ANY (%(url_digests)b::bytea[])
)
SELECT e.entry_id, e.identity, e.identity_rung AS rung, e.content_digest, e.article_id, e.guid, e.url,
  e.title, e.published_at, e.published_raw, e.flags,
  left(coalesce(e.content, e.summary, ''), 4000) AS body,
  EXISTS (SELECT FROM ingest.removals AS r WHERE r.article_id = e.article_id) AS is_removed
FROM alike
JOIN ingest.entries AS e USING (entry_id)
ORDER BY e.entry_id;
