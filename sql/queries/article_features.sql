-- What decides whether two texts tell the same.
SELECT article_id, text_hash, token_count, triples, fives, names, numbers
FROM ingest.signatures
WHERE article_id = ANY (%(article_ids)b::bigint[])
ORDER BY article_id;
