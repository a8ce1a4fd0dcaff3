-- What the page's last full answer can be asked about: sent back byte for byte.
SELECT headers ->> 'etag' AS etag, headers ->> 'last-modified' AS last_modified
FROM ingest.fetches
WHERE article_id = %(article_id)s AND purpose = 'page' AND status = 200 AND reason IS NULL
ORDER BY fetched_at DESC
LIMIT 1;
