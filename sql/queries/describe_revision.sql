-- The dek of the present text may change without a new revision.
UPDATE ingest.revisions
SET description = %(description)s
WHERE article_id = %(article_id)s AND is_current AND description IS DISTINCT FROM %(description)s;
