-- Keep a copy in step: everything that changed since the last change_seq you have seen (0 at first).
SELECT change_seq, article_id, ingest_seq, url, title, text, changed_at
FROM news.articles
WHERE change_seq > 0
ORDER BY change_seq
LIMIT 1000;
