-- An address that turned out to be no feed: nothing was stored of it but the attempt.
DELETE FROM ingest.feeds
WHERE feed_id = %(feed_id)s
  AND NOT EXISTS (SELECT FROM ingest.entries AS e WHERE e.feed_id = %(feed_id)s);
