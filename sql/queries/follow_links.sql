-- Articles without a text are asked for at the address that their feed names now; unless it names a new one in each document, at once.
WITH given AS (
  SELECT *
  FROM unnest(%(article_ids)b::bigint[], %(urls)b::text[], %(sites)b::text[], %(hosts)b::text[])
    AS t (article_id, url, site, host)
),
waiting AS (
  UPDATE ingest.article_state AS s
  SET host = g.host,
    stage = CASE WHEN %(at_once)s THEN 'fetch' ELSE s.stage END,
    due_at = CASE WHEN %(at_once)s THEN least(s.due_at, %(now)s) ELSE s.due_at END
  FROM given AS g
  WHERE s.article_id = g.article_id
    AND s.outcome IN ('pending', 'failed')
    AND s.lease_token IS NULL
    AND EXISTS (
      SELECT FROM ingest.articles AS a WHERE a.article_id = g.article_id AND a.revision_count = 0
    )
  RETURNING s.article_id
)
UPDATE ingest.articles AS a
SET url = g.url, site = g.site
FROM given AS g
JOIN waiting AS w USING (article_id)
WHERE a.article_id = g.article_id;
