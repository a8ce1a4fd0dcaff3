-- What the feeds said of articles, first entry first.
SELECT article_id, url, title, summary, content, authors, language, published_at, feed_updated_at,
  categories
FROM ingest.entries
WHERE article_id = ANY (%(article_ids)b::bigint[])
ORDER BY entry_id;
