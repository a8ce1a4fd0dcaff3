-- One feed with everything known of it.
SELECT *
FROM news.feeds
WHERE feed_id = %(feed_id)s;
