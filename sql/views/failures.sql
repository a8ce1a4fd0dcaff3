CREATE OR REPLACE VIEW news.failures AS
SELECT
  'feed' AS kind,
  f.feed_id AS id,
  f.url,
  'poll' AS stage,
  s.last_error_reason AS reason,
  s.last_error AS message,
  s.failure_streak AS attempts,
  s.failing_since AS first_at,
  s.last_polled_at AS last_at,
  s.due_at AS next_attempt_at,
  s.due_at IS NULL AS final
FROM ingest.feed_state AS s
JOIN ingest.feeds AS f USING (feed_id)
WHERE s.last_error_reason IS NOT NULL
UNION ALL
SELECT
  'article', a.article_id, a.url, s.stage, s.reason, s.message,
  s.attempts - (s.lease_token IS NOT NULL)::int,
  s.failing_since, s.failed_at, s.due_at, s.due_at IS NULL
FROM ingest.article_state AS s
JOIN ingest.articles AS a USING (article_id)
WHERE s.reason IS NOT NULL AND s.outcome IN ('pending', 'failed', 'quarantined', 'capped')
UNION ALL
SELECT
  'entry', e.entry_id, e.url, 'entry', e.reason, coalesce(e.title, e.guid, ''), 1,
  e.first_seen_at, e.last_seen_at, NULL, true
FROM ingest.entries AS e
WHERE e.reason IS NOT NULL;

COMMENT ON VIEW news.failures IS 'Everything that is not, or not yet, what it should be: feeds that fail, pages without an article, entries without an address.';
COMMENT ON COLUMN news.failures.kind IS 'feed, article or entry; see news.values';
COMMENT ON COLUMN news.failures.id IS 'feed_id, article_id or entry_id';
COMMENT ON COLUMN news.failures.url IS 'its address';
COMMENT ON COLUMN news.failures.stage IS 'where it stopped: poll, fetch, recheck, done or entry; see news.values';
COMMENT ON COLUMN news.failures.reason IS 'why; see news.values, reason';
COMMENT ON COLUMN news.failures.message IS 'what was seen';
COMMENT ON COLUMN news.failures.attempts IS 'how often it was tried; one that is going on does not count yet';
COMMENT ON COLUMN news.failures.first_at IS 'when it first failed';
COMMENT ON COLUMN news.failures.last_at IS 'when it last failed';
COMMENT ON COLUMN news.failures.next_attempt_at IS 'when it is tried again; NULL when it is not';
COMMENT ON COLUMN news.failures.final IS 'true when it is not tried again by itself';
