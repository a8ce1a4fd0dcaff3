-- The texts that articles had; the present one, and those next to a time, with headline and text to compare with.
SELECT article_id, digest, is_current, seen_at, CASE WHEN is_wanted THEN title END AS title,
  CASE WHEN is_wanted THEN text END AS text
FROM (
  SELECT r.*,
    r.is_current
    OR r.seen_at <= t.at AND coalesce(lead(r.seen_at) OVER seen > t.at, true)
    OR r.seen_at > t.at AND coalesce(lag(r.seen_at) OVER seen <= t.at, true) AS is_wanted
  FROM ingest.revisions AS r
  JOIN unnest(%(article_ids)b::bigint[], %(times)b::timestamptz[]) AS t (article_id, at)
    USING (article_id)
  WINDOW seen AS (PARTITION BY r.article_id ORDER BY r.seen_at, r.revision_id)
) AS r
ORDER BY article_id, seen_at, revision_id;
