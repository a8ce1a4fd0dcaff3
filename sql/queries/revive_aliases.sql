-- The articles they gave way to failed: their aliases are asked for themselves.
WITH revived AS (
  UPDATE ingest.articles AS a
  SET alias_of = NULL
  FROM unnest(%(article_ids)b::bigint[], %(times)b::timestamptz[]) AS t (article_id, now)
  WHERE a.alias_of = t.article_id
  RETURNING a.article_id, a.url_digest, t.now
),
addresses AS (
  UPDATE ingest.article_urls AS u
  SET article_id = r.article_id
  FROM revived AS r
  WHERE u.url_digest = r.url_digest
)
UPDATE ingest.article_state AS s
SET stage = 'fetch', outcome = 'pending', due_at = r.now, attempts = 0
FROM revived AS r
WHERE s.article_id = r.article_id;
