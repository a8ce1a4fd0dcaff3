-- Keep a copy in step: what changed and what was taken down since the last change_seq you have seen (0 at first).
(
  SELECT change_seq, article_id, false AS is_removed, ingest_seq, url, title, text, changed_at
  FROM news.articles
  WHERE change_seq > 0
  ORDER BY change_seq
  LIMIT 1000
)
UNION ALL
(
  SELECT change_seq, article_id, true, NULL, NULL, NULL, NULL, removed_at
  FROM news.removals
  WHERE change_seq > 0
  ORDER BY change_seq
  LIMIT 1000
)
ORDER BY change_seq
LIMIT 1000;
