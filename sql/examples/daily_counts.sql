-- Articles a day: all, those that nobody had told before, and the sites they came from.
SELECT
  (published_at AT TIME ZONE 'UTC')::date AS day,
  count(*) AS articles,
  count(*) FILTER (WHERE is_lead) AS stories,
  count(DISTINCT site) AS sites,
  sum(word_count) AS words
FROM news.articles
WHERE published_at IS NOT NULL
GROUP BY day
ORDER BY day;
