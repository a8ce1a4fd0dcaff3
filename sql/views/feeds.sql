CREATE OR REPLACE VIEW news.feeds AS
SELECT
  f.feed_id,
  f.url,
  coalesce(f.given_title, f.title) AS title,
  f.site_url,
  f.language,
  f.category,
  f.state,
  s.last_polled_at,
  s.due_at AS next_poll_at,
  s.due_reason AS next_poll_reason,
  s.last_success_at,
  s.failure_streak,
  s.last_error_reason,
  s.last_error,
  w.entries_7d,
  (
    SELECT count(*)::int FROM ingest.publications AS p WHERE p.article_id = ANY (w.article_ids)
  ) AS articles_7d,
  s.poll_interval,
  make_interval(secs => f.every_seconds) AS poll_every,
  f.fetch_pages,
  s.distrusted_at,
  s.distrust,
  f.added_at,
  f.identity_rule,
  f.volatile_keys,
  f.identity_changed_at
FROM ingest.feeds AS f
JOIN ingest.feed_state AS s USING (feed_id)
CROSS JOIN LATERAL (
  SELECT count(*)::int AS entries_7d, array_agg(e.article_id) AS article_ids
  FROM ingest.entries AS e
  WHERE e.feed_id = f.feed_id
    AND e.first_seen_at > s.last_polled_at - interval '7 days'
) AS w
WHERE f.state NOT IN ('removed', 'merged');

COMMENT ON VIEW news.feeds IS 'The feeds, how they fare, and when each is polled next. Those that were removed or merged into another are not here, though what they brought is: whoever joins entries, polls, fetches or feed_addresses with it and wants all rows takes LEFT JOIN.';
COMMENT ON COLUMN news.feeds.feed_id IS 'number of the feed';
COMMENT ON COLUMN news.feeds.url IS 'address that is polled';
COMMENT ON COLUMN news.feeds.title IS 'title given by the operator, else by the feed itself';
COMMENT ON COLUMN news.feeds.site_url IS 'home page the feed names';
COMMENT ON COLUMN news.feeds.language IS 'language the feed declares';
COMMENT ON COLUMN news.feeds.category IS 'folder given by the operator';
COMMENT ON COLUMN news.feeds.state IS 'active, paused or gone; see news.values, which also names the states of feeds that are not here';
COMMENT ON COLUMN news.feeds.last_polled_at IS 'when it was last asked for';
COMMENT ON COLUMN news.feeds.next_poll_at IS 'when it is due; NULL when it is not polled';
COMMENT ON COLUMN news.feeds.next_poll_reason IS 'what decided next_poll_at, or why there is none; see news.values';
COMMENT ON COLUMN news.feeds.last_success_at IS 'when it last answered with a document or with not modified';
COMMENT ON COLUMN news.feeds.failure_streak IS 'failed polls since the last success';
COMMENT ON COLUMN news.feeds.last_error_reason IS 'reason of the last failed poll of this streak; see news.values, reason';
COMMENT ON COLUMN news.feeds.last_error IS 'what was seen in that failed poll';
COMMENT ON COLUMN news.feeds.entries_7d IS 'entries first seen in the 7 days before last_polled_at';
COMMENT ON COLUMN news.feeds.articles_7d IS 'published articles among them';
COMMENT ON COLUMN news.feeds.poll_interval IS 'interval that the policy asks for, before hints and jitter';
COMMENT ON COLUMN news.feeds.poll_every IS 'interval set by the operator in place of the policy''s; NULL when none is';
COMMENT ON COLUMN news.feeds.fetch_pages IS 'whether pages are asked for, as set by the operator; NULL leaves it to the settings';
COMMENT ON COLUMN news.feeds.distrusted_at IS 'when its ETag, Last-Modified or 304 was caught lying; it is asked without validators since';
COMMENT ON COLUMN news.feeds.distrust IS 'what was seen then';
COMMENT ON COLUMN news.feeds.added_at IS 'when it was added';
COMMENT ON COLUMN news.feeds.identity_rule IS 'what its entries are known by: guid, unless it was seen to change the guids of known entries; see news.values';
COMMENT ON COLUMN news.feeds.volatile_keys IS 'identifiers that it makes anew for each request, so that its entries are not known by them; empty for most feeds; see news.values';
COMMENT ON COLUMN news.feeds.identity_changed_at IS 'when volatile_keys changed last; NULL when it never did';

CREATE OR REPLACE VIEW news.feed_addresses AS
SELECT u.feed_id, u.url, u.seen_at, u.url_digest = f.url_digest AS is_present
FROM ingest.feed_urls AS u
JOIN ingest.feeds AS f USING (feed_id);

COMMENT ON VIEW news.feed_addresses IS 'Every address that a feed is or was known under: redirects that were adopted, and doubles that were merged. Those of removed feeds too, which are in news.feeds no more.';
COMMENT ON COLUMN news.feed_addresses.feed_id IS 'number of the feed';
COMMENT ON COLUMN news.feed_addresses.url IS 'the address';
COMMENT ON COLUMN news.feed_addresses.seen_at IS 'since when';
COMMENT ON COLUMN news.feed_addresses.is_present IS 'whether it is the one that is polled';

CREATE OR REPLACE VIEW news.poll_plans AS
SELECT
  s.feed_id,
  w.nth::int AS position,
  w.wish ->> 'input' AS input,
  (w.wish ->> 'due_at')::timestamptz AS due_at,
  w.wish ->> 'note' AS note,
  (w.wish ->> 'wins')::boolean AS wins
FROM ingest.feed_state AS s
CROSS JOIN LATERAL jsonb_array_elements(s.plan) WITH ORDINALITY AS w (wish, nth);

COMMENT ON VIEW news.poll_plans IS 'Why a feed is polled next when it is: each input of the last decision.';
COMMENT ON COLUMN news.poll_plans.feed_id IS 'number of the feed';
COMMENT ON COLUMN news.poll_plans.position IS 'order of the inputs';
COMMENT ON COLUMN news.poll_plans.input IS 'what wants something: the policy, a hint of the publisher, a back-off, ...; see news.values';
COMMENT ON COLUMN news.poll_plans.due_at IS 'from when a poll would suit it; NULL for what only shaped another input';
COMMENT ON COLUMN news.poll_plans.note IS 'how it came to that';
COMMENT ON COLUMN news.poll_plans.wins IS 'whether it decided';
