-- Feeds and what came back from asking them. Narrow, often written rows stand apart from wide ones.
CREATE TABLE ingest.feeds (
  feed_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  url text NOT NULL CHECK (length(url) <= 2048),
  url_digest bytea NOT NULL UNIQUE,
  title text,
  site_url text,
  language text,
  category text,
  state text NOT NULL REFERENCES ingest.feed_states,
  fetch_pages boolean,
  added_at timestamptz NOT NULL
);

-- Every address a feed was known under, its present one included.
CREATE TABLE ingest.feed_urls (
  url_digest bytea PRIMARY KEY,
  url text NOT NULL,
  feed_id bigint NOT NULL REFERENCES ingest.feeds ON DELETE CASCADE,
  seen_at timestamptz NOT NULL
);
CREATE INDEX feed_urls_feed ON ingest.feed_urls (feed_id);

-- One row a host: who may talk to it now, when next, and what its robots.txt said.
CREATE TABLE ingest.hosts (
  host text PRIMARY KEY,
  next_request_at timestamptz NOT NULL,
  hold_reason text REFERENCES ingest.reasons,
  leased_until timestamptz,
  lease_token uuid,
  robots text,
  robots_reason text REFERENCES ingest.reasons,
  robots_fetched_at timestamptz,
  CHECK ((leased_until IS NULL) = (lease_token IS NULL))
) WITH (fillfactor = 70);

CREATE TABLE ingest.bodies (
  body_sha256 bytea PRIMARY KEY,
  body bytea NOT NULL,
  bytes bigint NOT NULL,
  stored_at timestamptz NOT NULL
);
COMMENT ON COLUMN ingest.bodies.body IS 'zstd-compressed; bytes and body_sha256 are of the uncompressed body';
ALTER TABLE ingest.bodies ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE ingest.fetches (
  fetch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  url text NOT NULL,
  url_digest bytea NOT NULL,
  final_url text NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('feed', 'page', 'robots')),
  feed_id bigint REFERENCES ingest.feeds ON DELETE SET NULL,
  article_id bigint,
  fetched_at timestamptz NOT NULL,
  status int,
  hops jsonb NOT NULL,
  headers jsonb NOT NULL,
  bytes bigint NOT NULL,
  body_sha256 bytea,
  duration_seconds double precision NOT NULL,
  reason text REFERENCES ingest.reasons,
  UNIQUE (url_digest, fetched_at, purpose)
);
CREATE INDEX fetches_feed ON ingest.fetches (feed_id, fetched_at DESC) WHERE feed_id IS NOT NULL;
CREATE INDEX fetches_article ON ingest.fetches (article_id, fetched_at DESC) WHERE article_id IS NOT NULL;
CREATE INDEX fetches_at ON ingest.fetches (fetched_at);

CREATE TABLE ingest.polls (
  poll_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed_id bigint NOT NULL REFERENCES ingest.feeds ON DELETE CASCADE,
  fetch_id bigint REFERENCES ingest.fetches ON DELETE SET NULL,
  polled_at timestamptz NOT NULL,
  outcome text NOT NULL REFERENCES ingest.poll_outcomes,
  status int,
  duration_seconds double precision NOT NULL,
  bytes bigint NOT NULL,
  seen int NOT NULL,
  new int NOT NULL,
  known int NOT NULL,
  updated int NOT NULL,
  skipped int NOT NULL,
  rejected int NOT NULL,
  reason text REFERENCES ingest.reasons,
  message text,
  CHECK (seen = new + known + updated + skipped + rejected),
  CHECK ((outcome = 'failed') = (reason IS NOT NULL)),
  CHECK ((reason IS NULL) = (message IS NULL)),
  UNIQUE (feed_id, polled_at)
);
CREATE INDEX polls_at ON ingest.polls (polled_at);

-- The polling queue, and what the next poll needs to know.
CREATE TABLE ingest.feed_state (
  feed_id bigint PRIMARY KEY REFERENCES ingest.feeds ON DELETE CASCADE,
  host text NOT NULL REFERENCES ingest.hosts,
  due_at timestamptz,
  due_reason text NOT NULL,
  lease_token uuid,
  attempts int NOT NULL DEFAULT 0,
  etag text,
  last_modified text,
  body_sha256 bytea,
  last_polled_at timestamptz,
  last_success_at timestamptz,
  failure_streak int NOT NULL DEFAULT 0,
  failing_since timestamptz,
  gone_streak int NOT NULL DEFAULT 0,
  gone_since timestamptz,
  moved_to text,
  moved_streak int NOT NULL DEFAULT 0,
  moved_since timestamptz,
  entry_rate double precision,
  ttl_seconds double precision,
  window_entries int,
  poll_interval interval,
  last_error_reason text REFERENCES ingest.reasons,
  last_error text,
  CHECK ((last_error_reason IS NULL) = (last_error IS NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
COMMENT ON COLUMN ingest.feed_state.ttl_seconds IS 'how long the last document said it stays fresh; holds on a 304 too';
COMMENT ON COLUMN ingest.feed_state.window_entries IS 'entries in the last document';
COMMENT ON COLUMN ingest.feed_state.entry_rate IS 'new entries a day, decayed with a half-life of 14 days';
CREATE INDEX feed_state_due ON ingest.feed_state (due_at, feed_id) WHERE due_at IS NOT NULL;
