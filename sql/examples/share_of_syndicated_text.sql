-- How much of each site's output tells what another site published first.
SELECT
  site,
  count(*) AS articles,
  count(*) FILTER (WHERE site <> first_site) AS syndicated,
  round(100.0 * count(*) FILTER (WHERE site <> first_site) / count(*), 1) AS percent
FROM (
  SELECT
    site,
    first_value(site) OVER (
      PARTITION BY story_id ORDER BY published_at, first_seen_at, article_id
    ) AS first_site
  FROM news.articles
) AS told
GROUP BY site
ORDER BY percent DESC, articles DESC, site;
