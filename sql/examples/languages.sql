-- Languages, regional forms together, with the usual length of an article.
SELECT
  split_part(language, '-', 1) AS language,
  count(*) AS articles,
  count(DISTINCT site) AS sites,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY word_count) AS median_words
FROM news.articles
GROUP BY split_part(language, '-', 1)
ORDER BY articles DESC, language;
