-- When the next of the due articles can be claimed, if its host is only cooling down.
SELECT min(h.next_request_at)
FROM ingest.article_state AS s
JOIN ingest.hosts AS h USING (host)
WHERE s.due_at <= %(due_by)s AND h.leased_until IS NULL;
