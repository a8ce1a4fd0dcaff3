-- Pages were asked for again and brought no new text; one whose state is another now waits to be published.
WITH given AS MATERIALIZED (
  SELECT *
  FROM unnest(
    %(article_ids)b::bigint[], %(checked)b::timestamptz[], %(page_states)b::text[],
    %(times)b::timestamptz[]
  ) AS t (article_id, checked_at, page_state, now)
),
checked AS (
  UPDATE ingest.articles AS a
  SET last_checked_at = greatest(a.last_checked_at, g.checked_at), page_state = g.page_state
  FROM given AS g
  WHERE a.article_id = g.article_id
    AND (a.last_checked_at < g.checked_at OR a.page_state IS DISTINCT FROM g.page_state)
  RETURNING a.article_id
)
INSERT INTO ingest.unpublished (article_id, since)
SELECT g.article_id, g.now
FROM given AS g
JOIN checked USING (article_id)
ORDER BY g.article_id
ON CONFLICT (article_id) DO UPDATE
SET since = excluded.since;
