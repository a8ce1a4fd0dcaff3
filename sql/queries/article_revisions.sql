-- The texts an article had; the current one with its headline and text, to compare with.
SELECT digest, is_current, seen_at, CASE WHEN is_current THEN title END AS title,
  CASE WHEN is_current THEN text END AS text
FROM ingest.revisions
WHERE article_id = %(article_id)s
ORDER BY seen_at, revision_id;
