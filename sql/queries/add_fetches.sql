-- Record answers of the web; the same answer replayed is the same row.
INSERT INTO ingest.fetches (
  url, url_digest, final_url, purpose, feed_id, article_id, fetched_at, status, hops, headers,
  bytes, body_sha256, duration_seconds, reason
)
SELECT url, url_digest, final_url, purpose, feed_id, article_id, fetched_at, status, hops, headers,
  bytes, body_sha256, duration_seconds, reason
FROM json_to_recordset(%(fetches)s::json) AS t (
  url text, url_digest bytea, final_url text, purpose text, feed_id bigint, article_id bigint,
  fetched_at timestamptz, status int, hops jsonb, headers jsonb, bytes bigint, body_sha256 bytea,
  duration_seconds double precision, reason text
)
ON CONFLICT (fetched_at, url_digest, purpose) DO NOTHING;
