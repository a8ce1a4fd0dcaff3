-- Everything in these stories and every newcomer, with what decides who leads and which copy each is.
WITH wanted AS MATERIALIZED (
  SELECT article_id
  FROM ingest.publications
  WHERE story_id = ANY (%(story_ids)b::bigint[])
  UNION
  SELECT unnest(%(newcomers)b::bigint[])
)
SELECT
  a.article_id, p.story_id, p.is_lead, p.duplicate_kind, a.site, a.published_at, a.first_seen_at,
  s.text_hash, s.token_count, s.numbers, a.access IS NOT DISTINCT FROM 'metered' AS is_teaser
FROM wanted
JOIN ingest.articles AS a USING (article_id)
JOIN ingest.signatures AS s USING (article_id)
LEFT JOIN ingest.publications AS p USING (article_id)
ORDER BY a.article_id;
