-- The next articles that have, or had, an answer of their page: the one of the present text, else the last that was read in vain.
SELECT a.article_id, s.outcome, a.url, a.fetched_at AS text_fetched_at, r.title, r.text, a.authors,
  a.published_at, a.language, a.extractor, a.text_source, a.access,
  f.url AS asked, f.final_url, f.fetched_at, f.status, f.hops, f.headers, f.duration_seconds, b.body
FROM ingest.articles AS a
JOIN ingest.article_state AS s USING (article_id)
LEFT JOIN ingest.revisions AS r ON r.article_id = a.article_id AND r.is_current
LEFT JOIN LATERAL (
  SELECT *
  FROM ingest.fetches AS f
  WHERE f.article_id = a.article_id
    AND f.purpose = 'page'
    AND f.body_sha256 IS NOT NULL
    AND CASE s.outcome
      WHEN 'stored' THEN f.fetched_at = a.fetched_at
      ELSE f.status = 200 AND f.reason = s.reason
    END
  ORDER BY f.fetched_at DESC
  LIMIT 1
) AS f ON true
LEFT JOIN ingest.bodies AS b USING (body_sha256)
WHERE a.article_id > %(after)s
  AND (
    s.outcome = 'stored' AND a.text_source = 'page'
    OR s.outcome IN ('failed', 'quarantined') AND s.reason = ANY (%(reasons)b::text[])
  )
  AND (%(site)s::text IS NULL OR a.site = %(site)s)
  AND (%(since)s::timestamptz IS NULL OR coalesce(a.fetched_at, s.failed_at) >= %(since)s)
  AND (
    %(extractor)s::text IS NULL
    OR a.extractor = %(extractor)s
    OR a.extractor LIKE replace(replace(%(extractor)s, '_', '\_'), '%%', '\%%') || '/%%'
  )
ORDER BY a.article_id
LIMIT %(most)s;
