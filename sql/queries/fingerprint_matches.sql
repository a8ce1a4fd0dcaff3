-- Which published articles, and which before it in the batch, are worth a decision: most hashes in common first, within the window.
SELECT article_id, other_article_id
FROM (
  SELECT
    s.article_id,
    f.article_id AS other_article_id,
    row_number() OVER (
      PARTITION BY s.article_id ORDER BY count(*) DESC, f.article_id DESC
    ) AS place
  FROM ingest.signatures AS s
  JOIN ingest.articles AS a USING (article_id)
  CROSS JOIN LATERAL (SELECT (a.first_seen_at AT TIME ZONE 'UTC')::date AS seen_on) AS day
  CROSS JOIN LATERAL unnest(s.hashes) AS h (hash)
  CROSS JOIN LATERAL (
    SELECT p.article_id
    FROM ingest.fingerprints AS p
    WHERE p.hash = h.hash
      AND p.seen_on BETWEEN day.seen_on - %(window_days)s::int AND day.seen_on + %(window_days)s::int
      AND p.article_id <> s.article_id
      AND (p.article_id < s.article_id OR p.article_id <> ALL (%(newcomers)b::bigint[]))
    ORDER BY p.article_id DESC
    LIMIT %(newest)s
  ) AS f
  WHERE s.article_id = ANY (%(article_ids)b::bigint[])
  GROUP BY s.article_id, f.article_id
  HAVING count(*) >= %(least_shared)s::int
    OR cardinality(s.hashes) < %(few_hashes)s::int
    OR (
      SELECT cardinality(o.hashes) FROM ingest.signatures AS o WHERE o.article_id = f.article_id
    ) < %(few_hashes)s::int
) AS ranked
WHERE place <= %(most)s
ORDER BY article_id, place;
