-- Entries that could not be stored, with the reason.
INSERT INTO ingest.rejections (poll_id, feed_id, position, title, url, rejected_at, reason, message)
SELECT %(poll_id)s, %(feed_id)s, position, title, url, %(now)s, reason, message
FROM unnest(
  %(positions)b::int[], %(titles)b::text[], %(urls)b::text[], %(reasons)b::text[], %(messages)b::text[]
) AS t (position, title, url, reason, message)
ORDER BY position;
