-- The server said for days that the feed is gone; not one that an operator paused meanwhile.
UPDATE ingest.feeds
SET state = 'gone'
WHERE feed_id = %(feed_id)s AND state = 'active';
