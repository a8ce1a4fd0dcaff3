-- How large the database is, and what the last week added: its share of what stays, the bodies, the fetches and polls.
WITH kept AS (
  SELECT sum(pg_total_relation_size(c.oid)) AS bytes
  FROM pg_class AS c
  WHERE c.relnamespace = to_regnamespace('ingest')
    AND c.relname IN (
      'articles', 'article_urls', 'article_state', 'revisions', 'search', 'signatures', 'entries',
      'publications', 'stories', 'story_links'
    )
),
articles AS (
  SELECT count(*) AS ever, count(*) FILTER (WHERE first_seen_at >= %(since)s) AS lately
  FROM ingest.articles
),
fetches AS (
  SELECT count(*) AS ever, count(*) FILTER (WHERE fetched_at >= %(since)s) AS lately
  FROM ingest.fetches
)
SELECT
  pg_database_size(current_database()) AS total_bytes,
  coalesce(kept.bytes * articles.lately / nullif(articles.ever, 0), 0)::bigint AS kept_week_bytes,
  (
    SELECT coalesce(sum(octet_length(body)), 0)
    FROM ingest.bodies
    WHERE stored_at >= %(since)s
  )::bigint AS body_week_bytes,
  coalesce(
    (pg_total_relation_size('ingest.fetches') + pg_total_relation_size('ingest.polls'))
      * fetches.lately / nullif(fetches.ever, 0), 0
  )::bigint AS fetch_week_bytes
FROM kept, articles, fetches;
