-- Whether an address is that of a feed, what it is asked with, and whether its host is to be left alone.
SELECT f.feed_id, f.state, h.headers, host.next_request_at AS held_until
FROM (SELECT %(url_digest)s::bytea AS url_digest, %(host)s::text AS host) AS asked
LEFT JOIN ingest.feed_urls AS u USING (url_digest)
LEFT JOIN ingest.feeds AS f USING (feed_id)
LEFT JOIN ingest.feed_headers AS h
  ON h.feed_id = f.feed_id
  AND substring(u.url FROM '^[a-z]+://[^/?#]+') = substring(f.url FROM '^[a-z]+://[^/?#]+')
LEFT JOIN ingest.hosts AS host
  ON host.host = asked.host AND host.hold_reason IS NOT NULL AND host.next_request_at > %(now)s;
