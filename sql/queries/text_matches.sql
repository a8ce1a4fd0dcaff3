-- Published articles, or others of the batch, with the very words of one of the batch, of any age.
SELECT s.article_id, o.article_id AS other_article_id
FROM ingest.signatures AS s
CROSS JOIN LATERAL (
  SELECT t.article_id
  FROM ingest.signatures AS t
  WHERE t.text_hash = s.text_hash
    AND t.article_id <> s.article_id
    AND (
      t.article_id = ANY (%(article_ids)b::bigint[])
      OR EXISTS (SELECT FROM ingest.publications AS p WHERE p.article_id = t.article_id)
    )
  ORDER BY t.article_id
  LIMIT %(most)s
) AS o
WHERE s.article_id = ANY (%(article_ids)b::bigint[]) AND s.token_count >= %(least_tokens)s
ORDER BY s.article_id, o.article_id;
