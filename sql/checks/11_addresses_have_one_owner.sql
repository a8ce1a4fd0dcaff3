-- Every article that is no alias owns the key of the address it was found under.
SELECT a.article_id, a.url_key
FROM ingest.articles AS a
LEFT JOIN ingest.article_urls AS u USING (url_digest)
WHERE u.url_digest IS NULL
  OR u.article_id <> coalesce(a.alias_of, a.article_id);
