-- One article with everything known of it; one that became an alias shows the article it is.
SELECT n.*
FROM ingest.articles AS a
JOIN news.articles AS n ON n.article_id = coalesce(a.alias_of, a.article_id)
WHERE a.article_id = %(article_id)s;
