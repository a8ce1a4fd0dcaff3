-- Everything in these stories and every newcomer, with what decides who leads.
SELECT
  a.article_id, p.story_id, p.is_lead, p.duplicate_kind, a.site, a.published_at, a.first_seen_at,
  s.token_count
FROM ingest.articles AS a
JOIN ingest.signatures AS s USING (article_id)
LEFT JOIN ingest.publications AS p USING (article_id)
WHERE p.story_id = ANY (%(story_ids)b::bigint[])
  OR a.article_id = ANY (%(newcomers)b::bigint[])
ORDER BY a.article_id;
