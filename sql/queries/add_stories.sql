-- Stories nobody told before, numbered in the order given.
INSERT INTO ingest.stories (lead_article_id, first_seen_at)
SELECT lead_article_id, first_seen_at
FROM unnest(%(leads)b::bigint[], %(seen)b::timestamptz[])
  WITH ORDINALITY AS t (lead_article_id, first_seen_at, place)
ORDER BY place
RETURNING story_id;
