-- Articles: the record, the queue that works on it, every address and every text it had.
CREATE TABLE ingest.articles (
  article_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  url text NOT NULL,
  url_key text NOT NULL,
  url_digest bytea NOT NULL UNIQUE,
  site text NOT NULL,
  canonical_url text,
  alias_of bigint REFERENCES ingest.articles,
  first_seen_at timestamptz NOT NULL,
  fetched_at timestamptz,
  changed_at timestamptz,
  last_checked_at timestamptz,
  authors text[] NOT NULL DEFAULT '{}',
  published_at timestamptz CHECK (published_at >= '1990-01-01Z' AND published_at < '9000-01-01Z'),
  published_source text REFERENCES ingest.published_sources,
  language text,
  word_count int,
  image_url text,
  tags text[] NOT NULL DEFAULT '{}',
  section text,
  page_kind text REFERENCES ingest.page_kinds,
  page_state text REFERENCES ingest.page_states,
  text_source text REFERENCES ingest.text_sources,
  extractor text,
  truncated boolean NOT NULL DEFAULT false,
  revision_count int NOT NULL DEFAULT 0,
  CHECK ((published_at IS NULL) = (published_source IS NULL)),
  CHECK (alias_of IS NULL OR revision_count = 0),
  CHECK (alias_of <> article_id)
);
CREATE INDEX articles_site ON ingest.articles (site, published_at DESC);
CREATE INDEX articles_published ON ingest.articles (published_at DESC NULLS LAST, article_id DESC);
CREATE INDEX articles_first_seen ON ingest.articles (first_seen_at DESC);
CREATE INDEX articles_alias ON ingest.articles (alias_of) WHERE alias_of IS NOT NULL;

ALTER TABLE ingest.fetches ADD FOREIGN KEY (article_id) REFERENCES ingest.articles ON DELETE SET NULL;

-- The ingest queue: narrow, so that a claim stays cheap.
CREATE TABLE ingest.article_state (
  article_id bigint PRIMARY KEY REFERENCES ingest.articles ON DELETE CASCADE,
  host text NOT NULL REFERENCES ingest.hosts,
  stage text NOT NULL REFERENCES ingest.article_stages,
  outcome text NOT NULL REFERENCES ingest.article_outcomes,
  due_at timestamptz,
  lease_token uuid,
  attempts int NOT NULL DEFAULT 0,
  deaths int NOT NULL DEFAULT 0 CHECK (deaths <= 3),
  begun boolean NOT NULL DEFAULT false,
  expiries int NOT NULL DEFAULT 0 CHECK (expiries <= 10),
  unchanged_checks int NOT NULL DEFAULT 0,
  reason text REFERENCES ingest.reasons,
  message text,
  failing_since timestamptz,
  failed_at timestamptz,
  CHECK ((stage = 'done') = (due_at IS NULL)),
  CHECK (outcome IN ('pending', 'stored', 'alias') OR reason IS NOT NULL),
  CHECK ((reason IS NULL) = (message IS NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX article_state_due ON ingest.article_state (due_at, article_id) WHERE due_at IS NOT NULL;
CREATE INDEX article_state_failed ON ingest.article_state (failed_at) WHERE reason IS NOT NULL;

-- Every address an article was seen under, by its comparison key.
CREATE TABLE ingest.article_urls (
  url_digest bytea PRIMARY KEY,
  url_key text NOT NULL,
  article_id bigint NOT NULL REFERENCES ingest.articles ON DELETE CASCADE,
  seen_at timestamptz NOT NULL
);
CREATE INDEX article_urls_article ON ingest.article_urls (article_id);

-- Every distinct headline and text; the current one is marked, and is the article's text.
CREATE TABLE ingest.revisions (
  revision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  article_id bigint NOT NULL REFERENCES ingest.articles ON DELETE CASCADE,
  digest bytea NOT NULL,
  is_current boolean NOT NULL,
  seen_at timestamptz NOT NULL,
  title text,
  description text,
  text text NOT NULL CHECK (text <> ''),
  change_kind text NOT NULL REFERENCES ingest.change_kinds,
  UNIQUE (article_id, digest)
);
CREATE UNIQUE INDEX revisions_current ON ingest.revisions (article_id) WHERE is_current;
CREATE INDEX revisions_seen ON ingest.revisions (article_id, seen_at, revision_id);

CREATE TABLE ingest.search (
  article_id bigint PRIMARY KEY REFERENCES ingest.articles ON DELETE CASCADE,
  document tsvector NOT NULL
);
CREATE INDEX search_document ON ingest.search USING gin (document);

-- What recognises the current text; computed in the workers, read when publishing.
CREATE TABLE ingest.signatures (
  article_id bigint PRIMARY KEY REFERENCES ingest.articles ON DELETE CASCADE,
  text_hash bytea NOT NULL,
  token_count int NOT NULL,
  hashes bigint[] NOT NULL,
  triples bytea NOT NULL,
  fives bytea NOT NULL,
  names bytea NOT NULL,
  numbers bytea NOT NULL
);
CREATE INDEX signatures_text ON ingest.signatures (text_hash);

-- What a feed said.
CREATE TABLE ingest.entries (
  entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed_id bigint NOT NULL REFERENCES ingest.feeds ON DELETE CASCADE,
  identity bytea NOT NULL,
  identity_rung text NOT NULL CHECK (identity_rung IN ('guid', 'guid_link', 'link', 'content')),
  content_digest bytea NOT NULL,
  article_id bigint REFERENCES ingest.articles,
  guid text,
  url text,
  title text,
  summary text,
  content text,
  authors text[] NOT NULL,
  language text,
  published_at timestamptz CHECK (published_at >= '1990-01-01Z' AND published_at < '9000-01-01Z'),
  published_raw text,
  feed_updated_at timestamptz CHECK (feed_updated_at >= '1990-01-01Z' AND feed_updated_at < '9000-01-01Z'),
  categories text[] NOT NULL,
  enclosures jsonb NOT NULL,
  flags text[] NOT NULL,
  position int NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  reason text REFERENCES ingest.reasons,
  UNIQUE (feed_id, identity),
  CHECK ((article_id IS NULL) = (reason IS NOT NULL))
);
CREATE INDEX entries_article ON ingest.entries (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX entries_seen ON ingest.entries (feed_id, first_seen_at);
CREATE INDEX entries_homeless ON ingest.entries (entry_id) WHERE reason IS NOT NULL;

-- Entries that could not be stored, and why.
CREATE TABLE ingest.rejections (
  rejection_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  poll_id bigint NOT NULL REFERENCES ingest.polls ON DELETE CASCADE,
  feed_id bigint NOT NULL REFERENCES ingest.feeds ON DELETE CASCADE,
  position int NOT NULL,
  title text,
  url text,
  rejected_at timestamptz NOT NULL,
  reason text NOT NULL REFERENCES ingest.reasons,
  message text NOT NULL
);
CREATE INDEX rejections_poll ON ingest.rejections (poll_id);
CREATE INDEX rejections_feed ON ingest.rejections (feed_id);
