-- What polls came to, many in one statement: a fetch, a poll and the state of each feed; ends leases.
WITH given AS MATERIALIZED (
  SELECT *
  FROM json_to_recordset(%(polls)s::json) AS t (
    feed_id bigint, lease_token uuid,
    url text, url_digest bytea, final_url text, fetched_at timestamptz, hops jsonb, headers jsonb,
    fetch_status int, fetch_bytes bigint, fetch_body_sha256 bytea,
    fetch_duration_seconds double precision, fetch_reason text,
    polled_at timestamptz, outcome text, status int, duration_seconds double precision, bytes bigint,
    seen int, new int, known int, updated int, skipped int, rejected int, merged int, reason text, message text,
    gap boolean, is_charged boolean,
    due_at timestamptz, due_reason text, plan jsonb, interval_seconds double precision,
    entry_rate double precision, rate_model double precision[], ttl_seconds double precision,
    window_entries int, skip_hours smallint[], skip_days smallint[], skip_broken int,
    etag text, last_modified text, validated_url text, fresh_seconds double precision, body_sha256 bytea, last_success_at timestamptz,
    failure_streak int, failing_since timestamptz, gone_streak int, gone_since timestamptz,
    moved_to text, moved_streak int, moved_since timestamptz, not_modified_at timestamptz,
    audit_at timestamptz, distrusted_at timestamptz, distrust text, guid_churn int, link_churn int
  )
),
mine AS MATERIALIZED (
  SELECT g.*
  FROM ingest.feed_state AS s
  JOIN given AS g USING (feed_id)
  WHERE s.lease_token = g.lease_token
  ORDER BY s.feed_id
  FOR UPDATE OF s
),
fetched AS (
  INSERT INTO ingest.fetches (
    url, url_digest, final_url, purpose, feed_id, fetched_at, status, hops, headers, bytes,
    body_sha256, duration_seconds, reason
  )
  SELECT url, url_digest, final_url, 'feed', feed_id, fetched_at, fetch_status, hops, headers,
    fetch_bytes, fetch_body_sha256, fetch_duration_seconds, fetch_reason
  FROM mine
  ORDER BY feed_id
  ON CONFLICT (fetched_at, url_digest, purpose) DO UPDATE
  SET fetched_at = excluded.fetched_at
  RETURNING fetch_id, url_digest
),
polled AS (
  INSERT INTO ingest.polls (
    feed_id, fetch_id, polled_at, outcome, status, duration_seconds, bytes,
    seen, new, known, updated, skipped, rejected, merged, reason, message, gap
  )
  SELECT m.feed_id, f.fetch_id, m.polled_at, m.outcome, m.status, m.duration_seconds, m.bytes,
    m.seen, m.new, m.known, m.updated, m.skipped, m.rejected, m.merged, m.reason, m.message, m.gap
  FROM mine AS m
  JOIN fetched AS f USING (url_digest)
  ORDER BY m.feed_id
  RETURNING poll_id, feed_id
),
seen AS (
  UPDATE ingest.bodies AS b
  SET stored_at = m.fetched_at
  FROM mine AS m
  WHERE m.outcome = 'unchanged'
    AND b.body_sha256 = m.fetch_body_sha256
    AND b.stored_at < m.fetched_at - interval '1 day'
),
planned AS (
  UPDATE ingest.feed_state AS s
  SET due_at = CASE WHEN s.due_at IS NOT NULL THEN m.due_at END,
    due_reason = CASE WHEN s.due_at IS NOT NULL THEN m.due_reason ELSE s.due_reason END,
    plan = m.plan,
    lease_token = NULL,
    attempts = 0,
    etag = m.etag,
    last_modified = m.last_modified,
    validated_url = m.validated_url,
    fresh_seconds = m.fresh_seconds,
    body_sha256 = m.body_sha256,
    last_polled_at = m.polled_at,
    last_success_at = m.last_success_at,
    failure_streak = m.failure_streak,
    failing_since = m.failing_since,
    gone_streak = m.gone_streak,
    gone_since = m.gone_since,
    moved_to = m.moved_to,
    moved_streak = m.moved_streak,
    moved_since = m.moved_since,
    not_modified_at = m.not_modified_at,
    audit_at = m.audit_at,
    distrusted_at = m.distrusted_at,
    distrust = m.distrust,
    guid_churn = m.guid_churn,
    link_churn = m.link_churn,
    entry_rate = m.entry_rate,
    rate_model = m.rate_model,
    ttl_seconds = m.ttl_seconds,
    window_entries = m.window_entries,
    skip_hours = m.skip_hours,
    skip_days = m.skip_days,
    skip_broken = m.skip_broken,
    poll_interval = coalesce(make_interval(secs => m.interval_seconds), s.poll_interval),
    last_error_reason = CASE WHEN m.is_charged THEN m.reason ELSE s.last_error_reason END,
    last_error = CASE WHEN m.is_charged THEN m.message ELSE s.last_error END
  FROM mine AS m
  WHERE s.feed_id = m.feed_id
)
SELECT feed_id, poll_id FROM polled;
