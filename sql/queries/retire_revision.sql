-- A newer text takes the place of the current one.
UPDATE ingest.revisions
SET is_current = false
WHERE article_id = %(article_id)s AND is_current;
