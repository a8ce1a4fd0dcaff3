-- Which of these feeds were polled at all, and whether they were read then.
SELECT feed_id, last_success_at IS NOT NULL AS was_read
FROM ingest.feed_state
WHERE feed_id = ANY (%(feed_ids)b::bigint[]) AND last_polled_at IS NOT NULL;
