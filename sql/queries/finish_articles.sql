-- What became of articles and when their pages are asked for next; gives the leases back.
UPDATE ingest.article_state AS s
SET stage = t.stage,
  outcome = t.outcome,
  due_at = t.due_at,
  lease_token = NULL,
  attempts = t.attempts,
  deaths = t.deaths,
  begun = false,
  expiries = t.expiries,
  unchanged_checks = t.unchanged_checks,
  reason = t.reason,
  message = t.message,
  failing_since = t.failing_since,
  failed_at = t.failed_at
FROM unnest(
  %(article_ids)b::bigint[], %(stages)b::text[], %(outcomes)b::text[], %(due)b::timestamptz[],
  %(attempts)b::int[], %(deaths)b::int[], %(expiries)b::int[], %(unchanged_checks)b::int[],
  %(reasons)b::text[], %(messages)b::text[], %(failing_since)b::timestamptz[],
  %(failed)b::timestamptz[]
) AS t (
  article_id, stage, outcome, due_at, attempts, deaths, expiries, unchanged_checks, reason, message,
  failing_since, failed_at
)
WHERE s.article_id = t.article_id;
