-- The headlines and texts that an article had, the first one first.
SELECT revision, seen_at, change_kind, title
FROM news.revisions
WHERE article_id = %(article_id)s
ORDER BY revision;
