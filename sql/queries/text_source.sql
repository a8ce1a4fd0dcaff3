-- Where the present text of an article is from; null when it has none.
SELECT text_source
FROM ingest.articles
WHERE article_id = %(article_id)s;
