-- The newest articles.
SELECT article_id, published_at, site, title, authors, language, word_count, story_id, duplicate_kind, revision_count
FROM news.articles
WHERE (%(site)s::text IS NULL OR site = %(site)s)
  AND (%(since)s::timestamptz IS NULL OR published_at >= %(since)s)
ORDER BY ingest_seq DESC
LIMIT %(lim)s;
