-- Work on these very articles begins; one that only waits in its host's turn is not to blame when a service dies.
UPDATE ingest.article_state AS s
SET begun = true
FROM unnest(%(article_ids)b::bigint[], %(tokens)b::uuid[]) AS t (article_id, lease_token)
WHERE s.article_id = t.article_id AND s.lease_token = t.lease_token AND NOT s.begun;
