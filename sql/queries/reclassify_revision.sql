-- A text came in late and stands before this one: what changed is told against it.
UPDATE ingest.revisions
SET change_kind = %(change_kind)s
WHERE article_id = %(article_id)s AND digest = %(digest)s;
