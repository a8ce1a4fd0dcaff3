-- Every entry that a poll brought is stored, skipped, or rejected with a reason.
SELECT p.poll_id, p.feed_id, p.rejected, count(r.*) AS reasons
FROM ingest.polls AS p
LEFT JOIN ingest.rejections AS r USING (poll_id)
GROUP BY p.poll_id
HAVING p.seen <> p.new + p.known + p.updated + p.skipped + p.rejected
  OR p.rejected <> count(r.*);
