-- A partition for each month that is about to be written.
SELECT ingest.make_fingerprint_month(day)
FROM (SELECT DISTINCT day FROM unnest(%(days)b::date[]) AS day ORDER BY day) AS days;
