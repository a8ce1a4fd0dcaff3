-- Which sites carry what others published first, and how soon after them.
SELECT
  first_site,
  site AS later_site,
  count(*) AS texts,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY published_at - first_published_at) AS median_later_by
FROM (
  SELECT
    site,
    published_at,
    first_value(site) OVER first_comes_first AS first_site,
    first_value(published_at) OVER first_comes_first AS first_published_at
  FROM news.articles
  WINDOW first_comes_first AS (PARTITION BY story_id ORDER BY published_at, first_seen_at, article_id)
) AS told
WHERE site <> first_site
GROUP BY first_site, site
ORDER BY texts DESC, first_site, later_site;
