-- What the feeds said of an article, first entry first.
SELECT url, title, summary, content, authors, language, published_at, feed_updated_at, categories
FROM ingest.entries
WHERE article_id = %(article_id)s
ORDER BY entry_id;
