-- Who leads the story now, and since when it is known.
UPDATE ingest.stories
SET lead_article_id = %(lead_article_id)s, first_seen_at = %(first_seen_at)s
WHERE story_id = %(story_id)s
  AND (lead_article_id, first_seen_at) IS DISTINCT FROM (%(lead_article_id)s, %(first_seen_at)s);
