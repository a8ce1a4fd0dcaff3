-- The article is another one under a second address: its addresses, entries and aliases move there.
WITH addresses AS (
  UPDATE ingest.article_urls
  SET article_id = %(root_id)s
  WHERE article_id = %(article_id)s
),
entries AS (
  UPDATE ingest.entries
  SET article_id = %(root_id)s
  WHERE article_id = %(article_id)s
),
followers AS (
  UPDATE ingest.articles
  SET alias_of = %(root_id)s
  WHERE alias_of = %(article_id)s
),
state AS (
  UPDATE ingest.article_state
  SET stage = 'done', outcome = 'alias', due_at = NULL, lease_token = NULL, reason = NULL,
    message = NULL, failing_since = NULL, failed_at = NULL, begun = false, expiries = 0
  WHERE article_id = %(article_id)s
)
UPDATE ingest.articles
SET alias_of = %(root_id)s
WHERE article_id = %(article_id)s;
