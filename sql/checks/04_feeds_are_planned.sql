-- Every active feed is due within its limit, counted from its last poll, or at once when an operator asked; no other is due.
SELECT f.feed_id, f.state, s.due_at
FROM ingest.feeds AS f
LEFT JOIN ingest.feed_state AS s USING (feed_id)
WHERE s.feed_id IS NULL
  OR (f.state = 'active') <> (s.due_at IS NOT NULL)
  OR s.due_at > greatest(f.added_at, s.last_polled_at) + interval '32 days'
    AND s.lease_token IS NULL
    AND s.plan <> '[]';
