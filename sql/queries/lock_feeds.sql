-- An operator changes these feeds: whoever writes a poll of one is waited for, the next one waits.
SELECT feed_id
FROM ingest.feed_state
WHERE feed_id = ANY (%(feed_ids)b::bigint[])
ORDER BY feed_id
FOR UPDATE;
