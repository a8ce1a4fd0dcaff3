-- All that one site published on one day.
SELECT published_at, title, authors, section, word_count, url
FROM news.articles
WHERE site = 'the-open-dispatch.example'
  AND published_at >= '2026-03-02Z'
  AND published_at < '2026-03-03Z'
ORDER BY published_at;
