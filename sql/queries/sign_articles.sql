-- What recognises the texts, for the publishing step.
INSERT INTO ingest.signatures (
  article_id, text_hash, token_count, hashes, triples, fives, names, numbers
)
SELECT article_id, text_hash, token_count, hashes::bigint[], triples, fives, names, numbers
FROM unnest(
  %(article_ids)b::bigint[], %(text_hashes)b::bytea[], %(token_counts)b::int[], %(hashes)b::text[],
  %(triples)b::bytea[], %(fives)b::bytea[], %(names)b::bytea[], %(numbers)b::bytea[]
) AS t (article_id, text_hash, token_count, hashes, triples, fives, names, numbers)
ORDER BY article_id
ON CONFLICT (article_id) DO UPDATE
SET text_hash = excluded.text_hash, token_count = excluded.token_count, hashes = excluded.hashes,
  triples = excluded.triples, fives = excluded.fives, names = excluded.names,
  numbers = excluded.numbers, is_compared = false;
