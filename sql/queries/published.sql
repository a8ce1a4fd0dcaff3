-- The batch is done, and its texts were held against the others.
WITH compared AS (
  UPDATE ingest.signatures
  SET is_compared = true
  WHERE article_id = ANY (%(article_ids)b::bigint[]) AND NOT is_compared
)
DELETE FROM ingest.unpublished
WHERE article_id = ANY (%(article_ids)b::bigint[]);
