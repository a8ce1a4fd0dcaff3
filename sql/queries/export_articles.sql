-- All that readers see of the articles, in an order that an index gives: nothing is sorted, the first rows come at once.
SELECT *
FROM news.articles
WHERE (%(site)s::text IS NULL OR site = %(site)s)
  AND (%(since)s::timestamptz IS NULL OR published_at >= %(since)s)
ORDER BY ingest_seq;
