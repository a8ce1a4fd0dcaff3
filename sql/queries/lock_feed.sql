-- Fence: only the holder of the lease may write what a poll brought. With what its feed brought today.
SELECT (
  SELECT coalesce(sum(p.new), 0)::int
  FROM ingest.polls AS p
  WHERE p.feed_id = s.feed_id AND p.polled_at > %(since)s
) AS new_entries
FROM ingest.feed_state AS s
WHERE s.feed_id = %(feed_id)s AND s.lease_token = %(token)s
FOR UPDATE OF s;
