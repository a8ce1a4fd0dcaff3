-- What a document says of its feed.
UPDATE ingest.feeds
SET title = coalesce(%(title)s, title),
  site_url = coalesce(%(site_url)s, site_url),
  language = coalesce(%(language)s, language)
WHERE feed_id = %(feed_id)s
  AND (title, site_url, language) IS DISTINCT FROM (
    coalesce(%(title)s, title), coalesce(%(site_url)s, site_url), coalesce(%(language)s, language)
  );
