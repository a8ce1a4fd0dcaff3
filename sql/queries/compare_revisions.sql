-- Two texts of an article, the last two unless others are named; an alias means the article it is.
WITH held AS (
  SELECT r.*, count(*) OVER () AS revisions
  FROM ingest.articles AS a
  JOIN news.revisions AS r ON r.article_id = coalesce(a.alias_of, a.article_id)
  WHERE a.article_id = %(article_id)s
)
SELECT article_id, revision, seen_at, change_kind, title, description, text, revisions
FROM held
WHERE revision IN (
  coalesce(%(first)s::int, coalesce(%(second)s::int, revisions) - 1),
  coalesce(%(second)s::int, revisions)
)
ORDER BY revision;
