-- Which of these feeds have no poll at this moment.
SELECT f.url
FROM ingest.feeds AS f
WHERE f.feed_id = ANY (%(feed_ids)b::bigint[])
  AND f.state = 'active'
  AND NOT EXISTS (
    SELECT FROM ingest.polls AS p
    WHERE p.feed_id = f.feed_id AND p.polled_at = %(moment)s
  )
ORDER BY f.url;
