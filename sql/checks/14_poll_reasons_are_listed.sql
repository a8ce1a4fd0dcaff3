-- Why a feed is polled when it is, is said in the words of the closed list.
SELECT feed_id, due_reason AS word
FROM ingest.feed_state
WHERE due_reason NOT IN (SELECT value FROM ingest.poll_reasons)
UNION ALL
SELECT s.feed_id, wish ->> 'input'
FROM ingest.feed_state AS s
CROSS JOIN LATERAL jsonb_array_elements(s.plan) AS wish
WHERE wish ->> 'input' NOT IN (SELECT value FROM ingest.poll_reasons WHERE is_input);
