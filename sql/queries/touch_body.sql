-- These bytes are kept already: they need not be sent, and their age counts from now.
UPDATE ingest.bodies
SET stored_at = greatest(stored_at, %(now)s)
WHERE body_sha256 = %(sha256)s;
