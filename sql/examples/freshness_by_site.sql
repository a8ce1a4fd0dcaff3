-- How long after publication articles of each site were found; a long delay asks for shorter intervals.
SELECT
  site,
  count(*) AS articles,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY first_seen_at - published_at) AS median_delay,
  max(first_seen_at - published_at) AS longest_delay
FROM news.articles
WHERE published_at IS NOT NULL
GROUP BY site
ORDER BY median_delay DESC, site;
