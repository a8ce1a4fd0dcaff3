-- The page was asked for again and brought no new text.
UPDATE ingest.articles
SET last_checked_at = greatest(last_checked_at, %(checked_at)s), page_state = %(page_state)s
WHERE article_id = %(article_id)s
  AND (last_checked_at < %(checked_at)s OR page_state IS DISTINCT FROM %(page_state)s);
