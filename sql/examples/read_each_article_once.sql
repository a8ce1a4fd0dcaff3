-- Read each article once, in publishing order: remember the last ingest_seq (0 at first).
SELECT ingest_seq, article_id, site, language, title, text
FROM news.articles
WHERE ingest_seq > 0
ORDER BY ingest_seq
LIMIT 1000;
