-- Take due feeds of free hosts, a few of each, and lease feeds and hosts to the caller.
WITH oldest AS MATERIALIZED (
  SELECT s.feed_id, s.host, s.due_at
  FROM ingest.feed_state AS s
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
    AND (%(feed_ids)s::bigint[] IS NULL OR s.feed_id = ANY (%(feed_ids)s::bigint[]))
  ORDER BY s.due_at, s.feed_id
  LIMIT %(window)s
),
ranked AS MATERIALIZED (
  SELECT
    feed_id, host, due_at,
    row_number() OVER (PARTITION BY host ORDER BY due_at, feed_id) AS nth,
    min(due_at) OVER (PARTITION BY host) AS host_due_at
  FROM oldest
),
wanted AS MATERIALIZED (
  SELECT feed_id, host, due_at, dense_rank() OVER (ORDER BY host_due_at, host) AS nth_host
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
  SELECT s.feed_id, s.host, w.due_at
  FROM ingest.feed_state AS s
  JOIN wanted AS w USING (feed_id)
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
UPDATE ingest.feed_state AS s
SET due_at = %(now)s::timestamptz + %(lease)s::interval,
  lease_token = %(token)s,
  attempts = s.attempts + 1
FROM mine
JOIN ingest.feeds AS f USING (feed_id)
LEFT JOIN ingest.feed_headers AS h USING (feed_id)
WHERE s.feed_id = mine.feed_id
RETURNING
  s.feed_id, f.url, s.host, mine.due_at, s.lease_token, f.title, f.site_url, f.language,
  s.etag, s.last_modified, s.body_sha256, s.last_polled_at, s.last_success_at,
  s.failure_streak, s.failing_since, s.gone_streak, s.gone_since,
  s.moved_to, s.moved_streak, s.moved_since, s.entry_rate, s.rate_model,
  s.ttl_seconds, s.window_entries, s.skip_hours, s.skip_days, s.skip_broken, f.every_seconds,
  s.not_modified_at, s.audit_at, s.distrusted_at, s.distrust, s.validated_url, s.fresh_seconds,
  s.guid_churn, s.link_churn, f.identity_rule, f.volatile_keys, h.headers;
