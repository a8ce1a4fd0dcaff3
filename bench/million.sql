-- A year of invented news, `million.articles` of it, in a database with nothing but the schema. Feeds
-- are 1 to 500 articles each, sites as many; the last words of a Zipf-like list stand in few texts, the
-- first in nearly all; every text holds "newsroom", 500 in a row hold "theme<n>", one holds "unique<n>".
-- Nothing is random: a value is drawn by the hash of its row's number.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
SET work_mem = '128MB';
SET client_min_messages = warning;
SET search_path = pg_temp, public;

CREATE FUNCTION pg_temp.draw(seed text) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
  SELECT (hashtext(seed)::bigint + 2147483648) / 4294967296.0
$$;
-- One of `most`, the first of them most often: the chance of the n-th is about 1 / n.
CREATE FUNCTION pg_temp.zipf(seed text, most int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT least(most, floor(exp(pg_temp.draw(seed) * ln(most + 1)))::int)
$$;

CREATE TEMPORARY TABLE word AS
SELECT n, translate(left(md5('word' || n), 4 + n % 6), '0123456789', 'aeioustlnr') AS word
FROM generate_series(1, 20000) AS n;
CREATE UNIQUE INDEX ON word (n);

CREATE TEMPORARY TABLE paragraph AS
SELECT p AS n, 'The newsroom ' || string_agg(w.word, ' ' ORDER BY k) || '.' AS text
FROM generate_series(1, least(20000, 100 + current_setting('million.articles')::int / 10)) AS p
CROSS JOIN generate_series(1, 40) AS k
JOIN word AS w ON w.n = pg_temp.zipf(p || ' ' || k, 20000)
GROUP BY p;
ALTER TABLE paragraph ADD COLUMN english tsvector, ADD COLUMN german tsvector;
UPDATE paragraph SET english = to_tsvector('english', text), german = to_tsvector('german', text);
CREATE UNIQUE INDEX ON paragraph (n);
ANALYZE paragraph;

CREATE TEMPORARY TABLE article AS
SELECT i,
  timestamptz '2026-03-01Z' - (current_setting('million.articles')::int - i) * (interval '365 days' / current_setting('million.articles')::int) AS seen_at,
  pg_temp.zipf('site' || i, greatest(20, current_setting('million.articles')::int / 500)) AS feed,
  CASE WHEN i % 7 = 0 THEN 'de' WHEN i % 11 = 0 THEN 'en-us' ELSE 'en' END AS language,
  -- Every tenth tells what the one before it told.
  CASE WHEN i % 10 = 0 THEN i - 1 ELSE i END AS tells,
  'Theme' || i / 500 || ' unique' || i || ' ' || w.word || ' ' || v.word AS title
FROM generate_series(1, current_setting('million.articles')::int) AS i
JOIN word AS w ON w.n = pg_temp.zipf('title' || i, 20000)
JOIN word AS v ON v.n = pg_temp.zipf('second' || i, 20000);
CREATE UNIQUE INDEX ON article (i);
ANALYZE article;

INSERT INTO ingest.hosts (host, next_request_at)
SELECT 'n' || n || '.example', '2026-03-01Z' FROM generate_series(1, (SELECT max(feed) FROM article)) AS n;
INSERT INTO ingest.feeds (url, url_digest, title, site_url, language, category, state, added_at)
SELECT 'https://n' || n || '.example/feed', sha256(('feed' || n)::bytea), 'Feed ' || n, 'https://n' || n || '.example/',
  'en', 'News', 'active', '2025-03-01Z'
FROM generate_series(1, (SELECT max(feed) FROM article)) AS n ORDER BY n;
INSERT INTO ingest.feed_state (
  feed_id, host, due_at, due_reason, last_polled_at, last_success_at, failure_streak, failing_since,
  poll_interval, last_error_reason, last_error
)
SELECT n, 'n' || n || '.example', '2026-03-01 01:00Z', 'policy', '2026-03-01Z', '2026-02-28 23:00Z',
  CASE WHEN n % 20 = 0 THEN 3 ELSE 0 END, CASE WHEN n % 20 = 0 THEN timestamptz '2026-02-28Z' END, interval '1 hour',
  CASE WHEN n % 20 = 0 THEN 'http_5xx' END, CASE WHEN n % 20 = 0 THEN '503 from the server' END
FROM generate_series(1, (SELECT max(feed) FROM article)) AS n;

INSERT INTO ingest.articles (
  url, url_key, url_digest, site, first_seen_at, fetched_at, changed_at, last_checked_at, authors,
  published_at, published_source, language, word_count, page_kind, page_state, text_source, extractor, revision_count
)
SELECT 'https://n' || feed || '.example/news/' || i, 'n' || feed || '.example/news/' || i, sha256(i::text::bytea),
  'n' || feed || '.example', seen_at, seen_at, seen_at, seen_at, ARRAY['Author ' || i % 5000],
  CASE WHEN i % 50 > 0 THEN seen_at - pg_temp.draw('late' || i) * interval '2 hours' END,
  CASE WHEN i % 50 > 0 THEN 'feed' END, language, 330, 'article', 'live', 'page', 'trafilatura/2.3.1', 1
FROM article ORDER BY i;
INSERT INTO ingest.article_urls (url_digest, url_key, article_id, seen_at)
SELECT url_digest, url_key, article_id, first_seen_at FROM ingest.articles;
INSERT INTO ingest.article_state (article_id, host, stage, outcome, due_at, reason, message, failing_since, failed_at)
SELECT i, 'n' || feed || '.example', 'done', CASE WHEN i % 40 = 0 THEN 'failed' ELSE 'stored' END, NULL,
  CASE WHEN i % 4000 = 0 THEN 'paywall' WHEN i % 40 = 0 THEN 'http_4xx' END, CASE WHEN i % 40 = 0 THEN 'what was seen' END,
  CASE WHEN i % 40 = 0 THEN seen_at END, CASE WHEN i % 40 = 0 THEN seen_at END
FROM article;

DROP INDEX ingest.search_document;
INSERT INTO ingest.revisions (article_id, digest, is_current, seen_at, title, text, change_kind)
SELECT a.i, sha256(a.i::text::bytea), true, a.seen_at, a.title,
  (SELECT string_agg(p.text, E'\n' ORDER BY k) FROM generate_series(1, 8) AS k
   JOIN paragraph AS p ON p.n = 1 + floor(pg_temp.draw('paragraph' || a.tells || ' ' || k) * (SELECT count(*) FROM paragraph))::int),
  'first'
FROM article AS a ORDER BY a.i;
INSERT INTO ingest.revisions (article_id, digest, is_current, seen_at, title, text, change_kind)
SELECT i, sha256(('old' || i)::bytea), false, seen_at - interval '1 hour', 'Before: ' || title, 'The first text of ' || i, 'first'
FROM article WHERE i % 20 = 0;
UPDATE ingest.articles SET revision_count = 2 WHERE article_id % 20 = 0;
INSERT INTO ingest.search (article_id, document, published_at)
SELECT i,
  setweight(to_tsvector('english', title), 'A') || (q.words[1] || q.words[2] || q.words[3] || q.words[4]
    || q.words[5] || q.words[6] || q.words[7] || q.words[8]) || ingest.search_marks(a.language, r.site, r.published_at),
  r.published_at
FROM article AS a
JOIN ingest.articles AS r ON r.article_id = a.i
CROSS JOIN LATERAL (
  SELECT array_agg(CASE WHEN a.language = 'de' THEN p.german ELSE p.english END ORDER BY k) AS words
  FROM generate_series(1, 8) AS k
  JOIN paragraph AS p ON p.n = 1 + floor(pg_temp.draw('paragraph' || a.tells || ' ' || k) * (SELECT count(*) FROM paragraph))::int
) AS q
ORDER BY i;
INSERT INTO ingest.search_configurations VALUES ('english'), ('german');
CREATE INDEX search_document ON ingest.search USING gin (document) WITH (gin_pending_list_limit = 2048);

INSERT INTO ingest.signatures (article_id, text_hash, token_count, hashes, triples, fives, names, numbers, is_compared)
SELECT i, sha256(tells::text::bytea), 330,
  ARRAY (SELECT ('x' || left(md5(tells || ' ' || k), 16))::bit(64)::bigint FROM generate_series(1, 40) AS k),
  ''::bytea, ''::bytea, ''::bytea, ''::bytea, true
FROM article;
SELECT ingest.make_fingerprint_month(month::date)
FROM generate_series('2025-12-01Z'::timestamptz, '2026-04-01Z', '1 month') AS month;
INSERT INTO ingest.fingerprints (hash, article_id, seen_on)
SELECT unnest(s.hashes), i, (seen_at AT TIME ZONE 'UTC')::date
FROM article JOIN ingest.signatures AS s ON s.article_id = i WHERE seen_at >= '2026-01-01Z';

INSERT INTO ingest.stories (lead_article_id, first_seen_at)
SELECT i, seen_at FROM article WHERE tells = i ORDER BY i;
INSERT INTO ingest.publications (article_id, ingest_seq, change_seq, story_id, is_lead, duplicate_kind)
SELECT i, i, i + (SELECT count(*) FROM article) / 2, s.story_id, tells = i, CASE WHEN tells = i THEN 'original' ELSE 'same_text' END
FROM article JOIN ingest.stories AS s ON s.lead_article_id = tells;
INSERT INTO ingest.story_links (article_id, other_article_id, kind, score, reason)
SELECT i, tells, 'same_text', 1, 'the same words' FROM article WHERE tells < i;
UPDATE ingest.singletons
SET ingest_seq = (SELECT max(ingest_seq) FROM ingest.publications), change_seq = (SELECT max(change_seq) FROM ingest.publications)
WHERE name = 'publish';

INSERT INTO ingest.entries (
  feed_id, identity, identity_rung, content_digest, article_id, guid, url, title, summary, authors, published_at,
  categories, enclosures, flags, position, first_seen_at, last_seen_at, reason
)
SELECT feed, sha256(i::text::bytea), 'guid', sha256(i::text::bytea), CASE WHEN i % 3000 > 0 THEN i END, 'guid ' || i,
  'https://n' || feed || '.example/news/' || i, title, repeat('Words of a summary. ', 10), '{}', seen_at, '{}', '[]', '{}',
  0, seen_at, seen_at, CASE WHEN i % 3000 = 0 THEN 'no_link' END
FROM article ORDER BY i;
INSERT INTO ingest.fetches (
  url, url_digest, final_url, purpose, feed_id, fetched_at, status, hops, headers, bytes, body_sha256, duration_seconds
)
SELECT 'https://n' || feed || '.example/feed', sha256(('feed' || feed)::bytea), '', 'feed', feed,
  seen_at, 200, '[]', '{}', 20000, sha256(('body' || i)::bytea), 0.2
FROM article ORDER BY i;
INSERT INTO ingest.polls (feed_id, fetch_id, polled_at, outcome, status, duration_seconds, bytes, seen, new, known, updated, skipped, rejected)
SELECT feed_id, fetch_id, fetched_at, 'changed', 200, 0.2, 20000, 20, 1, 19, 0, 0, 0 FROM ingest.fetches ORDER BY fetch_id;
RESET session_replication_role;
