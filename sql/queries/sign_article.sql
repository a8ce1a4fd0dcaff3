-- What recognises the text, for the publishing step.
INSERT INTO ingest.signatures (
  article_id, text_hash, token_count, hashes, triples, fives, names, numbers
)
VALUES (
  %(article_id)s, %(text_hash)s, %(token_count)s, %(hashes)b::bigint[], %(triples)b, %(fives)b,
  %(names)b, %(numbers)b
)
ON CONFLICT (article_id) DO UPDATE
SET text_hash = excluded.text_hash, token_count = excluded.token_count, hashes = excluded.hashes,
  triples = excluded.triples, fives = excluded.fives, names = excluded.names,
  numbers = excluded.numbers, is_compared = false;
