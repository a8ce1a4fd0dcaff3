CREATE OR REPLACE VIEW news.freshness AS
SELECT
  date_bin('1 hour', a.first_seen_at, TIMESTAMPTZ '2000-01-01 00:00:00Z') AS hour,
  count(*)::int AS articles,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY a.first_seen_at - a.published_at) AS delay_p50,
  percentile_cont(0.95) WITHIN GROUP (ORDER BY a.first_seen_at - a.published_at) AS delay_p95
FROM ingest.articles AS a
JOIN ingest.publications AS p USING (article_id)
GROUP BY 1;

COMMENT ON VIEW news.freshness IS 'How soon after their publication articles were found, by the hour they were found.';
COMMENT ON COLUMN news.freshness.hour IS 'hour of first_seen_at';
COMMENT ON COLUMN news.freshness.articles IS 'articles first seen in that hour';
COMMENT ON COLUMN news.freshness.delay_p50 IS 'median of first_seen_at - published_at';
COMMENT ON COLUMN news.freshness.delay_p95 IS '95th percentile of first_seen_at - published_at';
