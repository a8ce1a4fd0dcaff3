-- Which address a feed's validators are of, and how long its answers stay fresh when a 304 does not say.
ALTER TABLE ingest.feed_state
  ADD COLUMN validated_url text,
  ADD COLUMN fresh_seconds double precision;
COMMENT ON COLUMN ingest.feed_state.validated_url IS 'the address that answered with etag and last_modified: they are sent there only';
COMMENT ON COLUMN ingest.feed_state.fresh_seconds IS 'how long the last answer that said so stays fresh; holds for a 304 that does not say';
COMMENT ON COLUMN ingest.feed_state.body_sha256 IS 'digest of the last document without its build date and comments';
UPDATE ingest.poll_outcomes
SET meaning = 'the server sent the same document again, but perhaps for its build date'
WHERE value = 'unchanged';
