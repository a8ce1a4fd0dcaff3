-- A story nobody told before.
INSERT INTO ingest.stories (lead_article_id, first_seen_at)
VALUES (%(lead_article_id)s, %(first_seen_at)s)
RETURNING story_id;
