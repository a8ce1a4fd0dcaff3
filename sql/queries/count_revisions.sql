-- An older text came in late: only the number of revisions changed.
UPDATE ingest.articles
SET revision_count = (SELECT count(*) FROM ingest.revisions WHERE article_id = %(article_id)s)
WHERE article_id = %(article_id)s;
