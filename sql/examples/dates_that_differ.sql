-- Articles of which page and feed state dates that lie more than a day apart: republished, or dated wrongly.
SELECT a.article_id, a.site, a.published_source, a.published_at, d.source AS other_source,
  d.published_at AS other_date, a.url
FROM news.article_dates AS d
JOIN news.articles AS a USING (article_id)
WHERE NOT d.is_chosen
  AND (d.published_at < a.published_at - interval '1 day' OR d.published_at > a.published_at + interval '1 day')
ORDER BY a.published_at DESC, a.article_id;
