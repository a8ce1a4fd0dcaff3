-- Which published articles, and which before it in the batch, are worth a decision: most hashes in common first, within the window.
SELECT article_id, other_article_id
FROM (
  SELECT
    w.article_id,
    f.article_id AS other_article_id,
    row_number() OVER (
      PARTITION BY w.article_id ORDER BY count(*) DESC, f.article_id DESC
    ) AS place
  FROM (
    -- In the order of the index: its upper pages stay in the processor's caches.
    SELECT
      s.article_id,
      cardinality(s.hashes) AS hash_count,
      (a.first_seen_at AT TIME ZONE 'UTC')::date AS seen_on,
      h.hash
    FROM ingest.signatures AS s
    JOIN ingest.articles AS a USING (article_id)
    CROSS JOIN LATERAL unnest(s.hashes) AS h (hash)
    WHERE s.article_id = ANY (%(article_ids)b::bigint[])
    ORDER BY h.hash
  ) AS w
  CROSS JOIN LATERAL (
    SELECT p.article_id
    FROM ingest.fingerprints AS p
    WHERE p.hash = w.hash
      AND p.seen_on BETWEEN w.seen_on - %(window_days)s::int AND w.seen_on + %(window_days)s::int
      AND p.article_id <> w.article_id
      AND (p.article_id < w.article_id OR p.article_id <> ALL (%(newcomers)b::bigint[]))
    ORDER BY p.article_id DESC
    LIMIT %(newest)s
  ) AS f
  GROUP BY w.article_id, w.hash_count, f.article_id
  HAVING count(*) >= %(least_shared)s::int
    OR w.hash_count < %(few_hashes)s::int
    OR (
      SELECT cardinality(o.hashes) FROM ingest.signatures AS o WHERE o.article_id = f.article_id
    ) < %(few_hashes)s::int
) AS ranked
WHERE place <= %(most)s
ORDER BY article_id, place;
