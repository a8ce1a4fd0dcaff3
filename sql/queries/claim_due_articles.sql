-- Take due articles of free hosts, a few of each, and lease articles and hosts to the caller.
WITH oldest AS MATERIALIZED (
  SELECT s.article_id, s.host, s.due_at
  FROM ingest.article_state AS s
  -- The OFFSET keeps the planner on the way that is quick whatever is due: down the queue, a look
  -- at each item's host, until the window is full.
  CROSS JOIN LATERAL (
    SELECT
    FROM ingest.hosts AS h
    WHERE h.host = s.host
      AND (
        NOT %(heed_hosts)s
        OR h.next_request_at <= %(now)s AND coalesce(h.leased_until <= %(now)s, true)
      )
    OFFSET 0
  ) AS free_host
  WHERE s.due_at <= %(due_by)s
    AND (
      %(feed_ids)s::bigint[] IS NULL
      OR EXISTS (
        SELECT FROM ingest.entries AS e
        WHERE e.article_id = s.article_id AND e.feed_id = ANY (%(feed_ids)s::bigint[])
      )
    )
  ORDER BY s.due_at, s.article_id
  LIMIT %(window)s
),
ranked AS MATERIALIZED (
  SELECT
    article_id, host, due_at,
    row_number() OVER (PARTITION BY host ORDER BY due_at, article_id) AS nth,
    min(due_at) OVER (PARTITION BY host) AS host_due_at
  FROM oldest
),
wanted AS MATERIALIZED (
  SELECT article_id, host, due_at, dense_rank() OVER (ORDER BY host_due_at, host) AS nth_host
  FROM ranked
  WHERE nth <= %(per_host)s
),
free AS MATERIALIZED (
  SELECT h.host
  FROM ingest.hosts AS h
  WHERE h.host IN (SELECT host FROM wanted WHERE nth_host <= %(hosts)s)
    AND (
      NOT %(heed_hosts)s
      OR h.next_request_at <= %(now)s AND coalesce(h.leased_until <= %(now)s, true)
    )
  FOR NO KEY UPDATE SKIP LOCKED
),
mine AS MATERIALIZED (
  SELECT s.article_id, s.host, w.due_at, s.lease_token IS NOT NULL AND s.begun AS expired,
    s.lease_token IS NULL OR s.begun AS was_tried
  FROM ingest.article_state AS s
  JOIN wanted AS w USING (article_id)
  JOIN free AS f ON f.host = w.host
  WHERE w.nth_host <= %(hosts)s
    AND s.host = w.host
    AND s.due_at <= %(due_by)s
  FOR UPDATE OF s SKIP LOCKED
),
held AS (
  UPDATE ingest.hosts AS h
  SET leased_until = %(now)s::timestamptz + %(lease)s::interval,
    lease_token = %(token)s,
    hold_reason = NULL
  WHERE h.host IN (SELECT host FROM mine) AND %(heed_hosts)s
)
UPDATE ingest.article_state AS s
SET due_at = %(now)s::timestamptz + %(lease)s::interval,
  lease_token = %(token)s,
  -- A claim that was never worked on is taken back by the next.
  attempts = s.attempts + mine.was_tried::int,
  begun = false,
  expiries = least(s.expiries + mine.expired::int, 10)
FROM mine
JOIN ingest.articles AS a USING (article_id)
WHERE s.article_id = mine.article_id
RETURNING
  s.article_id, a.url, a.url_key, s.host, mine.due_at, s.lease_token, s.stage, s.outcome,
  s.attempts, s.deaths, s.expiries, s.unchanged_checks, s.reason, s.message, s.failing_since,
  s.failed_at, a.fetched_at, a.text_source, a.access,
  (
    SELECT min(r.seen_at) FROM ingest.revisions AS r WHERE r.article_id = a.article_id
  ) AS first_fetched_at,
  (
    SELECT fetch_pages FROM ingest.feeds AS f
    JOIN ingest.entries AS e USING (feed_id)
    WHERE e.article_id = a.article_id AND fetch_pages IS NOT NULL
    ORDER BY e.entry_id
    LIMIT 1
  ) AS fetch_pages;
