-- Why two articles stand in one story; the pair's newest comparison counts.
INSERT INTO ingest.story_links (article_id, other_article_id, kind, score, reason)
SELECT *
FROM unnest(
  %(article_ids)b::bigint[], %(others)b::bigint[], %(kinds)b::text[], %(scores)b::float8[],
  %(reasons)b::text[]
) AS t (article_id, other_article_id, kind, score, reason)
ORDER BY article_id, other_article_id
ON CONFLICT (article_id, other_article_id) DO UPDATE
SET kind = excluded.kind, score = excluded.score, reason = excluded.reason;
