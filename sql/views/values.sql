CREATE OR REPLACE VIEW news.values AS
SELECT 'feeds.state' AS column_name, value, meaning FROM ingest.feed_states
UNION ALL SELECT 'feeds.identity_rule', value, meaning FROM ingest.identity_rules
UNION ALL SELECT 'feeds.volatile_keys', value, meaning FROM ingest.volatile_keys
UNION ALL SELECT 'feeds.next_poll_reason', value, meaning FROM ingest.poll_reasons
UNION ALL SELECT 'poll_plans.input', value, meaning FROM ingest.poll_reasons WHERE is_input
UNION ALL SELECT 'polls.outcome', value, meaning FROM ingest.poll_outcomes
UNION ALL SELECT 'entries.article_outcome', value, meaning FROM ingest.article_outcomes
UNION ALL SELECT 'failures.stage', value, meaning FROM ingest.article_stages
UNION ALL VALUES
  ('failures.stage', 'poll', 'asking a feed for its document'),
  ('failures.stage', 'entry', 'following an entry to its page'),
  ('failures.kind', 'feed', 'id is a feed_id'),
  ('failures.kind', 'article', 'id is an article_id'),
  ('failures.kind', 'entry', 'id is an entry_id')
UNION ALL SELECT 'reason', value, meaning FROM ingest.reasons
UNION ALL SELECT 'articles.page_kind', value, meaning FROM ingest.page_kinds
UNION ALL SELECT 'articles.access', value, meaning FROM ingest.access_kinds
UNION ALL SELECT 'articles.page_state', value, meaning FROM ingest.page_states
UNION ALL SELECT 'articles.published_source', value, meaning FROM ingest.published_sources
UNION ALL SELECT 'article_dates.source', value, meaning FROM ingest.published_sources
UNION ALL SELECT 'articles.text_source', value, meaning FROM ingest.text_sources
UNION ALL SELECT 'articles.duplicate_kind', value, meaning FROM ingest.duplicate_kinds
UNION ALL SELECT 'story_links.kind', value, meaning FROM ingest.duplicate_kinds
UNION ALL SELECT 'story_rulings.ruling', value, meaning FROM ingest.ruling_kinds
UNION ALL SELECT 'services.state', value, meaning FROM ingest.service_states
UNION ALL SELECT 'revisions.change_kind', value, meaning FROM ingest.change_kinds;

COMMENT ON VIEW news.values IS 'Every closed list: the values a column may have, and what each means.';
COMMENT ON COLUMN news.values.column_name IS 'view and column, such as articles.page_kind; reason stands for the column reason of polls, fetches, failures and rejections, polls.skip_reason, entries.article_reason and feeds.last_error_reason';
COMMENT ON COLUMN news.values.value IS 'the value';
COMMENT ON COLUMN news.values.meaning IS 'what it means';
