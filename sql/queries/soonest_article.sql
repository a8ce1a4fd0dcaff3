-- When the next of the due articles can be claimed, if its host is only cooling down.
SELECT min(h.next_request_at)
FROM ingest.article_state AS s
JOIN ingest.hosts AS h USING (host)
WHERE s.due_at <= %(now)s
  AND h.leased_until IS NULL
  AND (
    %(feed_ids)s::bigint[] IS NULL
    OR EXISTS (
      SELECT FROM ingest.entries AS e
      WHERE e.article_id = s.article_id AND e.feed_id = ANY (%(feed_ids)s::bigint[])
    )
  );
