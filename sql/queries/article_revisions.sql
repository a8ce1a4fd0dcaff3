-- The texts an article had; the present one, and those next to a time, with headline and text to compare with.
SELECT digest, is_current, seen_at, CASE WHEN is_wanted THEN title END AS title,
  CASE WHEN is_wanted THEN text END AS text
FROM (
  SELECT *,
    is_current
    OR seen_at <= %(at)s AND coalesce(lead(seen_at) OVER seen > %(at)s, true)
    OR seen_at > %(at)s AND coalesce(lag(seen_at) OVER seen <= %(at)s, true) AS is_wanted
  FROM ingest.revisions
  WHERE article_id = %(article_id)s
  WINDOW seen AS (ORDER BY seen_at, revision_id)
) AS r
ORDER BY seen_at, revision_id;
