-- The article they gave way to failed: its aliases are asked for themselves.
WITH revived AS (
  UPDATE ingest.articles
  SET alias_of = NULL
  WHERE alias_of = %(article_id)s
  RETURNING article_id, url_digest
),
addresses AS (
  UPDATE ingest.article_urls AS u
  SET article_id = r.article_id
  FROM revived AS r
  WHERE u.url_digest = r.url_digest
)
UPDATE ingest.article_state AS s
SET stage = 'fetch', outcome = 'pending', due_at = %(now)s, attempts = 0
FROM revived AS r
WHERE s.article_id = r.article_id;
