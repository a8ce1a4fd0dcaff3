-- Polling: the rate model and its explanation, what validators are worth, per-feed settings, gaps,
-- and feeds that turned out to be one.
INSERT INTO ingest.feed_states VALUES
  ('removed', 'taken off the list by an operator; what it brought is kept'),
  ('merged', 'turned out to be another feed under a second address, which is polled in its place');

INSERT INTO ingest.reasons VALUES
  ('host_busy', 'the host or address it leads to was being asked by others all the time; tried again soon, nobody is charged');

ALTER TABLE ingest.feeds
  ADD COLUMN given_title text,
  ADD COLUMN every_seconds double precision CHECK (every_seconds BETWEEN 60 AND 2592000),
  ADD COLUMN merged_into bigint REFERENCES ingest.feeds,
  ADD CHECK ((state = 'merged') = (merged_into IS NOT NULL));
COMMENT ON COLUMN ingest.feeds.given_title IS 'title given by the operator; stands before the feed''s own';
COMMENT ON COLUMN ingest.feeds.every_seconds IS 'interval set by the operator in place of the policy''s';

-- Addresses that may be the same feed: scheme, www. and a closing slash do not count.
CREATE FUNCTION ingest.feed_likeness(url text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = ''
AS $$
  SELECT pg_catalog.md5(pg_catalog.regexp_replace(
    pg_catalog.regexp_replace(url, '^https?://(www\.)?', ''), '/+(?=$|\?)', ''
  ))
$$;
CREATE INDEX feeds_likeness ON ingest.feeds (ingest.feed_likeness(url));

-- What is sent with every request of a feed, secrets among it: in no view, no log, no export.
CREATE TABLE ingest.feed_headers (
  feed_id bigint PRIMARY KEY REFERENCES ingest.feeds ON DELETE CASCADE,
  headers jsonb NOT NULL CHECK (jsonb_typeof(headers) = 'object')
);

ALTER TABLE ingest.feed_state
  ADD COLUMN rate_model double precision[],
  ADD COLUMN skip_hours smallint[] NOT NULL DEFAULT '{}',
  ADD COLUMN skip_days smallint[] NOT NULL DEFAULT '{}',
  ADD COLUMN skip_broken int NOT NULL DEFAULT 0,
  ADD COLUMN plan jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN not_modified_at timestamptz,
  ADD COLUMN audit_at timestamptz,
  ADD COLUMN distrusted_at timestamptz,
  ADD COLUMN distrust text,
  ADD CHECK ((distrusted_at IS NULL) = (distrust IS NULL));
COMMENT ON COLUMN ingest.feed_state.rate_model IS 'counts and exposures of the rate of new entries; see pipeline/feeds/rate.py';
COMMENT ON COLUMN ingest.feed_state.skip_hours IS 'hours of the day (GMT) in which the feed says it has nothing new';
COMMENT ON COLUMN ingest.feed_state.skip_days IS 'days of the week (GMT, 0 is Monday) of the same meaning';
COMMENT ON COLUMN ingest.feed_state.skip_broken IS 'entries published in skipped hours all the same; from 2 on the declaration counts no more';
COMMENT ON COLUMN ingest.feed_state.plan IS 'inputs of due_at: what each wants, and which one won';
COMMENT ON COLUMN ingest.feed_state.not_modified_at IS 'the last 304 since the last document';
COMMENT ON COLUMN ingest.feed_state.audit_at IS 'when the feed is asked without validators, to see whether its 304s are true';
COMMENT ON COLUMN ingest.feed_state.distrusted_at IS 'when its validators were caught lying; it is asked without them since';
COMMENT ON COLUMN ingest.feed_state.distrust IS 'what was seen then';

ALTER TABLE ingest.polls ADD COLUMN gap boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN ingest.polls.gap IS 'the document shares no entry with what was known of the feed: some may have come and gone unseen';
