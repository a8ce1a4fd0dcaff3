-- What was fetched for a feed, its articles and their hosts' robots.txt, so that it can be replayed.
WITH own AS MATERIALIZED (
  SELECT f.*
  FROM ingest.fetches AS f
  WHERE f.fetched_at >= coalesce(%(since)s::timestamptz, '-infinity')
    AND (
      f.feed_id = %(feed_id)s
      OR f.article_id IN (
        SELECT a.article_id
        FROM ingest.entries AS e
        JOIN ingest.articles AS a ON e.article_id IN (a.article_id, a.alias_of)
        WHERE e.feed_id = %(feed_id)s
      )
    )
),
wanted AS (
  SELECT * FROM own
  UNION ALL
  SELECT f.*
  FROM ingest.fetches AS f
  WHERE f.purpose = 'robots'
    AND f.fetched_at >= coalesce(%(since)s::timestamptz, '-infinity')
    AND f.url IN (SELECT substring(url FROM '^https?://[^/?#]+') || '/robots.txt' FROM own)
)
SELECT w.url, w.final_url, w.fetched_at, p.poll_id IS NOT NULL AS is_poll, w.purpose = 'page' AS is_page,
  w.status, w.reason, w.hops, w.headers, w.body_sha256 IS NOT NULL AS has_body, b.body
FROM wanted AS w
LEFT JOIN ingest.bodies AS b USING (body_sha256)
LEFT JOIN ingest.polls AS p ON p.fetch_id = w.fetch_id
ORDER BY w.fetched_at, w.fetch_id;
