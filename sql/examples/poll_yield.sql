-- What polls come to, by feed: many that are unchanged are polled too often, or have no validators.
SELECT
  feed_id,
  count(*) AS polls,
  count(*) FILTER (WHERE outcome = 'changed') AS changed,
  count(*) FILTER (WHERE outcome = 'unchanged') AS unchanged,
  count(*) FILTER (WHERE outcome = 'not_modified') AS not_modified,
  count(*) FILTER (WHERE outcome = 'failed') AS failed,
  sum(new) AS new_entries
FROM news.polls
GROUP BY feed_id
ORDER BY polls DESC, feed_id;
