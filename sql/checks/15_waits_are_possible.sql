-- No lease, hold or interval of live work ends later than its kind allows: it would if the clock went back.
SELECT late.kind, late.id, late.until
FROM (
  SELECT 'lease of a host' AS kind, host AS id, leased_until AS until
  FROM ingest.hosts
  WHERE leased_until > %(now)s::timestamptz + interval '2 minutes'
  UNION ALL
  SELECT 'interval of a host', host, next_request_at
  FROM ingest.hosts
  WHERE hold_reason IS NULL AND next_request_at > %(now)s::timestamptz + interval '1 hour 1 minute'
  UNION ALL
  SELECT 'hold of a host', host, next_request_at
  FROM ingest.hosts
  WHERE hold_reason IS NOT NULL AND next_request_at > %(now)s::timestamptz + interval '7 days 1 minute'
  UNION ALL
  SELECT 'lease of a feed', feed_id::text, due_at
  FROM ingest.feed_state
  WHERE lease_token IS NOT NULL AND due_at > %(now)s::timestamptz + interval '2 minutes'
  UNION ALL
  SELECT 'lease of an article', article_id::text, due_at
  FROM ingest.article_state
  WHERE lease_token IS NOT NULL AND due_at > %(now)s::timestamptz + interval '2 minutes'
  UNION ALL
  SELECT 'last poll of a feed', feed_id::text, last_polled_at
  FROM ingest.feed_state
  WHERE last_polled_at > %(now)s::timestamptz + interval '2 minutes'
) AS late
WHERE EXISTS (SELECT FROM ingest.purpose WHERE purpose = 'live');
