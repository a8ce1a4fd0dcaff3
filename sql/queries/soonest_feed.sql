-- When the next of the due feeds can be claimed, if its host is only cooling down.
SELECT min(h.next_request_at)
FROM ingest.feed_state AS s
JOIN ingest.hosts AS h USING (host)
WHERE s.due_at <= %(due_by)s AND h.leased_until IS NULL;
