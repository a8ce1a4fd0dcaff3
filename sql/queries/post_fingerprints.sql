-- Make the batch findable, in the order of the index; a changed text adds its new hashes to the old ones.
INSERT INTO ingest.fingerprints (hash, article_id, seen_on)
SELECT DISTINCT h.hash, s.article_id, (a.first_seen_at AT TIME ZONE 'UTC')::date
FROM ingest.signatures AS s
JOIN ingest.articles AS a USING (article_id)
CROSS JOIN LATERAL unnest(s.hashes) AS h (hash)
WHERE s.article_id = ANY (%(article_ids)b::bigint[])
  AND (
    s.article_id = ANY (%(newcomers)b::bigint[])
    OR NOT EXISTS (
      SELECT FROM ingest.fingerprints AS f
      WHERE f.hash = h.hash
        AND f.article_id = s.article_id
        AND f.seen_on = (a.first_seen_at AT TIME ZONE 'UTC')::date
    )
  )
ORDER BY h.hash;
