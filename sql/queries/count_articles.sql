-- How many articles an export is going to write: for its progress bar.
SELECT count(*)
FROM news.articles
WHERE (%(site)s::text IS NULL OR site = %(site)s)
  AND (%(since)s::timestamptz IS NULL OR published_at >= %(since)s);
