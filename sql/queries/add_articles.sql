-- Found in a feed, not seen before: the record, its first address, and a place in the queue.
WITH found AS (
  SELECT *
  FROM unnest(
    %(urls)b::text[], %(keys)b::text[], %(digests)b::bytea[], %(sites)b::text[], %(hosts)b::text[]
  ) AS t (url, url_key, url_digest, site, host)
),
added AS (
  INSERT INTO ingest.articles (url, url_key, url_digest, site, first_seen_at)
  SELECT url, url_key, url_digest, site, %(now)s
  FROM found
  ORDER BY url_digest
  ON CONFLICT (url_digest) DO NOTHING
  RETURNING article_id, url_digest, url_key
),
addressed AS (
  INSERT INTO ingest.article_urls (url_digest, url_key, article_id, seen_at)
  SELECT url_digest, url_key, article_id, %(now)s
  FROM added
  ORDER BY url_digest
  ON CONFLICT (url_digest) DO NOTHING
),
queued AS (
  INSERT INTO ingest.article_state (article_id, host, stage, outcome, due_at)
  SELECT a.article_id, f.host, 'fetch', 'pending', %(now)s
  FROM added AS a
  JOIN found AS f USING (url_digest)
)
SELECT url_digest, article_id
FROM added;
