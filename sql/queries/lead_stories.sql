-- Who leads these stories now, and since when they are known.
UPDATE ingest.stories AS s
SET lead_article_id = t.lead_article_id, first_seen_at = t.first_seen_at
FROM unnest(%(story_ids)b::bigint[], %(leads)b::bigint[], %(seen)b::timestamptz[])
  AS t (story_id, lead_article_id, first_seen_at)
WHERE s.story_id = t.story_id
  AND (s.lead_article_id, s.first_seen_at) IS DISTINCT FROM (t.lead_article_id, t.first_seen_at);
