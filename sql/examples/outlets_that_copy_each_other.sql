-- Which sites carry whose texts, and how soon after them.
SELECT
  o.site AS first_site,
  a.site AS later_site,
  count(*) AS texts,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY a.published_at - o.published_at) AS median_later_by
FROM news.articles AS a
JOIN news.stories AS s USING (story_id)
JOIN news.articles AS o ON o.article_id = s.lead_article_id
WHERE NOT a.is_lead AND a.site <> o.site
GROUP BY o.site, a.site
ORDER BY texts DESC, first_site, later_site;
