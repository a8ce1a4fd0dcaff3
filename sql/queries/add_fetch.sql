-- Record one answer of the web; the same answer replayed is the same row.
WITH added AS (
  INSERT INTO ingest.fetches (
    url, url_digest, final_url, purpose, feed_id, article_id, fetched_at, status, hops, headers,
    bytes, body_sha256, duration_seconds, reason
  )
  VALUES (
    %(url)s, %(url_digest)s, %(final_url)s, %(purpose)s, %(feed_id)s, %(article_id)s, %(fetched_at)s,
    %(status)s, %(hops)s, %(headers)s, %(bytes)s, %(body_sha256)s, %(duration_seconds)s, %(reason)s
  )
  ON CONFLICT (fetched_at, url_digest, purpose) DO NOTHING
  RETURNING fetch_id
)
SELECT fetch_id FROM added
UNION ALL
SELECT fetch_id
FROM ingest.fetches
WHERE url_digest = %(url_digest)s AND fetched_at = %(fetched_at)s AND purpose = %(purpose)s
LIMIT 1;
