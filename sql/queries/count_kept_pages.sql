-- How many articles a re-extraction looks at.
SELECT count(*)
FROM ingest.articles AS a
JOIN ingest.article_state AS s USING (article_id)
WHERE (
    s.outcome = 'stored' AND a.text_source = 'page'
    OR s.outcome IN ('failed', 'quarantined') AND s.reason = ANY (%(reasons)b::text[])
  )
  AND (%(site)s::text IS NULL OR a.site = %(site)s)
  AND (%(since)s::timestamptz IS NULL OR coalesce(a.fetched_at, s.failed_at) >= %(since)s)
  AND (
    %(extractor)s::text IS NULL
    OR a.extractor = %(extractor)s
    OR a.extractor LIKE replace(replace(%(extractor)s, '_', '\_'), '%%', '\%%') || '/%%'
  );
