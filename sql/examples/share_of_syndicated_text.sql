-- How much of each site's output tells what another site published first.
SELECT
  site,
  count(*) AS articles,
  count(*) FILTER (WHERE NOT is_lead) AS syndicated,
  round(100.0 * count(*) FILTER (WHERE NOT is_lead) / count(*), 1) AS percent
FROM news.articles
GROUP BY site
ORDER BY percent DESC, articles DESC, site;
