-- What became of feeds that are on the list no more.
SELECT feed_id, url, state, merged_into
FROM ingest.feeds
WHERE feed_id = ANY (%(feed_ids)b::bigint[])
  AND state IN ('removed', 'merged')
ORDER BY feed_id;
