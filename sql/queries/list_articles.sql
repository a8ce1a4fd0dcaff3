-- The articles, last published first.
SELECT article_id AS id, published_at, site, title, authors, language AS lang, word_count AS words,
  story_id AS story, duplicate_kind AS kind, revision_count AS revs
FROM news.articles
WHERE (%(site)s::text IS NULL OR site = %(site)s)
  AND (%(since)s::timestamptz IS NULL OR published_at >= %(since)s)
ORDER BY published_at DESC NULLS LAST, article_id DESC
LIMIT %(lim)s;
