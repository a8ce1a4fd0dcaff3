-- How much is due, and how the feeds are.
SELECT
  (SELECT count(*) FROM ingest.feed_state WHERE due_at <= %(now)s) AS feeds_due,
  (SELECT count(*) FROM ingest.article_state WHERE due_at <= %(now)s) AS articles_due,
  (SELECT count(*) FROM ingest.unpublished) AS unpublished,
  (SELECT count(*) FROM ingest.feeds WHERE state = 'active') AS feeds_active,
  (SELECT count(*) FROM ingest.feeds WHERE state = 'paused') AS feeds_paused,
  (SELECT count(*) FROM ingest.feeds WHERE state = 'gone') AS feeds_gone,
  (
    SELECT count(*) FROM ingest.feed_state AS s JOIN ingest.feeds AS f USING (feed_id)
    WHERE f.state = 'active' AND s.failure_streak > 0
  ) AS feeds_failing,
  coalesce((
    SELECT greatest(extract(epoch FROM %(now)s::timestamptz - min(due_at)), 0)
    FROM ingest.feed_state WHERE due_at IS NOT NULL
  ), 0)::double precision AS feed_lag_seconds,
  coalesce((
    SELECT greatest(extract(epoch FROM %(now)s::timestamptz - min(due_at)), 0)
    FROM ingest.article_state WHERE due_at IS NOT NULL
  ), 0)::double precision AS article_lag_seconds;
