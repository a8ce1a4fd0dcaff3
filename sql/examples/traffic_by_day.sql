-- Answers and bytes a day, and how many of them were errors.
SELECT
  (fetched_at AT TIME ZONE 'UTC')::date AS day,
  count(*) AS answers,
  sum(bytes) AS bytes,
  count(*) FILTER (WHERE status = 304) AS not_modified,
  count(*) FILTER (WHERE reason IS NOT NULL) AS failed
FROM news.fetches
GROUP BY day
ORDER BY day;
