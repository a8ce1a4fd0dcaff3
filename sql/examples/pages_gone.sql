-- Articles whose page was taken down or cannot be reached any more; the text is still here.
SELECT a.article_id, a.site, a.title, a.page_state, v.meaning, a.last_checked_at, a.url
FROM news.articles AS a
JOIN news.values AS v ON v.column_name = 'articles.page_state' AND v.value = a.page_state
WHERE a.page_state <> 'live'
ORDER BY a.last_checked_at DESC;
