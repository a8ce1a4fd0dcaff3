-- What the entries of a feed are known by from now on.
UPDATE ingest.feeds
SET identity_rule = %(rule)s
WHERE feed_id = %(feed_id)s;
