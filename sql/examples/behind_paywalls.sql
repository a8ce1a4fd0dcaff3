-- Sites with articles behind a paywall, and what share of their articles that is.
SELECT
  site,
  count(*) AS articles,
  count(*) FILTER (WHERE access = 'metered') AS metered,
  round(100.0 * count(*) FILTER (WHERE access = 'metered') / count(*)) AS percent
FROM news.articles
GROUP BY site
HAVING count(*) FILTER (WHERE access = 'metered') > 0
ORDER BY metered DESC, site;
