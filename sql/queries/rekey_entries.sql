-- The feed's entries are known by something else from now on: the first row of each takes the new identity.
WITH given AS (
  SELECT *
  FROM unnest(
    %(identities)b::bytea[], %(rungs)b::text[], %(url_digests)b::bytea[], %(content_digests)b::bytea[]
  ) AS t (identity, rung, url_digest, content_digest)
),
matching AS (
  SELECT g.identity, g.rung, e.entry_id
  FROM given AS g
  JOIN ingest.article_urls AS u USING (url_digest)
  JOIN ingest.entries AS e USING (article_id)
  WHERE g.rung = 'link' AND e.feed_id = %(feed_id)s
  UNION ALL
  SELECT g.identity, g.rung, e.entry_id
  FROM given AS g
  JOIN ingest.entries AS e USING (content_digest)
  WHERE g.rung = 'content' AND e.feed_id = %(feed_id)s AND e.first_seen_at > %(since)s
),
chosen AS (
  SELECT DISTINCT ON (entry_id) entry_id, identity, rung
  FROM (
    SELECT identity, rung, min(entry_id) AS entry_id
    FROM matching
    GROUP BY identity, rung
  ) AS first
  ORDER BY entry_id, identity
)
UPDATE ingest.entries AS e
SET identity = l.identity, identity_rung = l.rung
FROM chosen AS l
WHERE e.entry_id = l.entry_id
  AND NOT EXISTS (
    SELECT
    FROM ingest.entries AS other
    WHERE other.feed_id = %(feed_id)s AND other.identity = l.identity
  );
