-- How large the database is, and what the last week added: its share of what stays, and of each kind that goes at its age.
WITH tables AS (
  SELECT
    CASE
      WHEN c.relname LIKE 'fingerprints\_%%' THEN 'fingerprints'
      WHEN c.relname = 'bodies' THEN 'bodies'
      WHEN c.relname IN ('fetches', 'polls', 'rejections') THEN 'fetches'
      ELSE 'kept'
    END AS kind,
    sum(pg_total_relation_size(c.oid)) AS bytes,
    min(CASE WHEN c.relname LIKE 'fingerprints\_%%' THEN to_date(right(c.relname, 7), 'YYYY_MM') END)
      AS first_day
  FROM pg_class AS c
  WHERE c.relnamespace = to_regnamespace('ingest')
    AND c.relkind = 'r'
  GROUP BY kind
),
shares (kind, ever, lately) AS (
  SELECT 'kept', count(*), count(*) FILTER (WHERE first_seen_at >= %(since)s)
  FROM ingest.articles
  UNION ALL
  SELECT 'fingerprints', count(*), count(*) FILTER (WHERE first_seen_at >= %(since)s)
  FROM ingest.articles
  WHERE first_seen_at >= (SELECT first_day FROM tables WHERE kind = 'fingerprints')
  UNION ALL
  SELECT 'fetches', count(*), count(*) FILTER (WHERE fetched_at >= %(since)s)
  FROM ingest.fetches
  UNION ALL
  SELECT 'bodies', sum(octet_length(body)),
    coalesce(sum(octet_length(body)) FILTER (WHERE stored_at >= %(since)s), 0)
  FROM ingest.bodies
),
weeks AS (
  SELECT kind, coalesce(bytes * lately / nullif(ever, 0), 0)::bigint AS bytes
  FROM tables
  JOIN shares USING (kind)
)
SELECT
  pg_database_size(current_database()) AS total_bytes,
  coalesce(max(bytes) FILTER (WHERE kind = 'kept'), 0) AS kept_week_bytes,
  coalesce(max(bytes) FILTER (WHERE kind = 'bodies'), 0) AS body_week_bytes,
  coalesce(max(bytes) FILTER (WHERE kind = 'fetches'), 0) AS fetch_week_bytes,
  coalesce(max(bytes) FILTER (WHERE kind = 'fingerprints'), 0) AS fingerprint_week_bytes
FROM weeks;
