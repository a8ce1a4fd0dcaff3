-- What the entries of a feed are known by from now on, and which identifiers it makes anew each time.
UPDATE ingest.feeds
SET identity_rule = %(rule)s,
  volatile_keys = %(volatile)s,
  identity_changed_at = %(now)s
WHERE feed_id = %(feed_id)s;
