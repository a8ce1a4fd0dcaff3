-- Validators are only held for a document that was read and committed.
SELECT s.feed_id, s.etag, s.last_modified
FROM ingest.feed_state AS s
WHERE (s.etag IS NOT NULL OR s.last_modified IS NOT NULL)
  AND (s.body_sha256 IS NULL OR s.last_success_at IS NULL);
