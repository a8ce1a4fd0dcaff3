-- Other settings hold from the next request on, due now; a poll under way, made by the old ones, is not written.
UPDATE ingest.feed_state
SET due_at = CASE WHEN due_at IS NOT NULL THEN %(now)s::timestamptz END,
  due_reason = CASE WHEN due_at IS NOT NULL THEN 'settings changed' ELSE due_reason END,
  lease_token = NULL,
  plan = '[]',
  etag = CASE WHEN NOT %(is_other_reader)s THEN etag END,
  last_modified = CASE WHEN NOT %(is_other_reader)s THEN last_modified END,
  body_sha256 = CASE WHEN NOT %(is_other_reader)s THEN body_sha256 END
WHERE feed_id = %(feed_id)s;
