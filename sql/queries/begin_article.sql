-- Work on this very article begins; one that only waits in its host's turn is not to blame when a service dies.
UPDATE ingest.article_state
SET begun = true
WHERE article_id = %(article_id)s AND lease_token = %(token)s AND NOT begun;
