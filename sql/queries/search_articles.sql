-- Full-text search, as people may call it themselves.
SELECT article_id AS id, published_at, title, url, rank, headline
FROM news.search(%(words)s, %(lim)s, %(since)s, %(until)s, %(language)s, %(site)s);
