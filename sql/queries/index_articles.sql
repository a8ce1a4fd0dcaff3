-- Make the present texts of articles findable; their facts are written before.
SELECT ingest.index_article(article_id)
FROM unnest(%(article_ids)b::bigint[]) AS article_id
ORDER BY article_id;
