-- The batch is done.
DELETE FROM ingest.unpublished
WHERE article_id = ANY (%(article_ids)b::bigint[]);
