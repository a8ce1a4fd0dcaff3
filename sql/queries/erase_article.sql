-- What a removed article said is erased, and what came in under it since; nothing for any other article.
SELECT ingest.erase_article(article_id)
FROM ingest.removals
WHERE article_id = %(article_id)s;
