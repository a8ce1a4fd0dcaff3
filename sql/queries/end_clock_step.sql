-- The database's clock went back: what was planned by the old time keeps its length from now on.
WITH hosts AS (
  UPDATE ingest.hosts
  SET leased_until = CASE
      WHEN leased_until > %(now)s::timestamptz + %(lease)s::interval
      THEN %(now)s::timestamptz + %(lease)s::interval
      ELSE leased_until
    END,
    next_request_at = CASE
      WHEN next_request_at > %(now)s::timestamptz
        + CASE WHEN hold_reason IS NULL THEN %(interval)s::interval ELSE %(hold)s::interval END
      THEN %(now)s
      ELSE next_request_at
    END
  WHERE leased_until > %(now)s::timestamptz + %(lease)s::interval
    OR next_request_at > %(now)s::timestamptz
      + CASE WHEN hold_reason IS NULL THEN %(interval)s::interval ELSE %(hold)s::interval END
  RETURNING host
),
-- An interval counts from the last poll; one in the future is put right, so that this is done once.
polled AS (
  UPDATE ingest.feed_state
  SET due_at = CASE
      WHEN lease_token IS NULL THEN %(now)s::timestamptz + greatest(due_at - last_polled_at, interval '0')
      ELSE least(due_at, %(now)s::timestamptz + %(lease)s::interval)
    END,
    last_polled_at = %(now)s
  WHERE last_polled_at > %(now)s::timestamptz + %(slack)s::interval
  RETURNING feed_id
),
leased_feeds AS (
  UPDATE ingest.feed_state
  SET due_at = %(now)s::timestamptz + %(lease)s::interval
  WHERE lease_token IS NOT NULL
    AND due_at > %(now)s::timestamptz + %(lease)s::interval
    AND coalesce(last_polled_at <= %(now)s::timestamptz + %(slack)s::interval, true)
  RETURNING feed_id
),
leased_articles AS (
  UPDATE ingest.article_state
  SET due_at = %(now)s::timestamptz + %(lease)s::interval
  WHERE lease_token IS NOT NULL AND due_at > %(now)s::timestamptz + %(lease)s::interval
  RETURNING article_id
),
planned AS (
  UPDATE ingest.article_state AS s
  SET due_at = %(now)s::timestamptz + (s.due_at - e.at)
  FROM ingest.articles AS a
  CROSS JOIN LATERAL (
    SELECT greatest(a.first_seen_at, a.fetched_at, a.last_checked_at) AS at
  ) AS e
  WHERE a.article_id = s.article_id
    AND s.lease_token IS NULL
    AND s.due_at >= e.at
    AND e.at > %(now)s::timestamptz + %(slack)s::interval
    AND EXISTS (SELECT FROM polled)
  RETURNING s.article_id
)
SELECT
  (SELECT count(*) FROM hosts) AS hosts,
  (SELECT count(*) FROM polled) + (SELECT count(*) FROM leased_feeds) AS feeds,
  (SELECT count(*) FROM leased_articles) + (SELECT count(*) FROM planned) AS articles;
