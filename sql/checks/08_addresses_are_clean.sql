-- No stored address holds credentials.
SELECT 'feed' AS kind, feed_id AS id, url
FROM ingest.feeds
WHERE url ~ '^[a-z]+://[^/?#]*@'
UNION ALL
SELECT 'article', article_id, url
FROM ingest.articles
WHERE url ~ '^[a-z]+://[^/?#]*@'
UNION ALL
SELECT 'entry', entry_id, url
FROM ingest.entries
WHERE url ~ '^[a-z]+://[^/?#]*@';
