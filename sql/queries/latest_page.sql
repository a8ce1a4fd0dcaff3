-- An article with the last answer of its page that is kept: the one of the present text before any other.
SELECT a.article_id, s.outcome, a.url, a.fetched_at AS text_fetched_at, r.title, r.text, a.authors,
  a.published_at, a.language, a.extractor, a.text_source, a.access,
  f.url AS asked, f.final_url, f.fetched_at, f.status, f.hops, f.headers, f.duration_seconds, b.body
FROM ingest.articles AS a
JOIN ingest.article_state AS s USING (article_id)
LEFT JOIN ingest.revisions AS r ON r.article_id = a.article_id AND r.is_current
LEFT JOIN ingest.fetches AS f
  ON f.article_id = a.article_id AND f.purpose = 'page' AND f.body_sha256 IS NOT NULL
LEFT JOIN ingest.bodies AS b USING (body_sha256)
WHERE a.article_id = %(article_id)s
ORDER BY b.body_sha256 IS NULL, f.fetched_at = a.fetched_at AND a.text_source = 'page' DESC, f.fetched_at DESC
LIMIT 1;
