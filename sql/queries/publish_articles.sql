-- The visible side of a batch: a number for new articles, a change number for every changed row.
INSERT INTO ingest.publications (
  article_id, ingest_seq, change_seq, story_id, is_lead, duplicate_kind
)
SELECT *
FROM unnest(
  %(article_ids)b::bigint[], %(ingest_seqs)b::bigint[], %(change_seqs)b::bigint[],
  %(story_ids)b::bigint[], %(leads)b::boolean[], %(kinds)b::text[]
) AS t (article_id, ingest_seq, change_seq, story_id, is_lead, duplicate_kind)
ORDER BY article_id
ON CONFLICT (article_id) DO UPDATE
SET change_seq = excluded.change_seq, story_id = excluded.story_id, is_lead = excluded.is_lead,
  duplicate_kind = excluded.duplicate_kind;
