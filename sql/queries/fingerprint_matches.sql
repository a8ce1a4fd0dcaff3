-- Published or about to be: which articles share how many hashes with each of the batch.
SELECT s.article_id, f.article_id AS other_article_id, count(*)::int AS shared
FROM ingest.signatures AS s
CROSS JOIN LATERAL unnest(s.hashes) AS h (hash)
CROSS JOIN LATERAL (
  SELECT p.article_id
  FROM ingest.fingerprints AS p
  WHERE p.hash = h.hash AND p.seen_on >= %(since)s::date
  ORDER BY p.article_id DESC
  LIMIT %(newest)s
) AS f
WHERE s.article_id = ANY (%(article_ids)b::bigint[])
  AND f.article_id <> s.article_id
GROUP BY s.article_id, f.article_id
ORDER BY s.article_id, f.article_id;
