-- Feeds that give new guids to entries they have shown before: what their entries are known by instead.
CREATE TABLE ingest.identity_rules (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.identity_rules VALUES
  ('guid', 'entries are known by their guid; without one by their link, else by title, date and text'),
  ('link', 'three documents in a row showed known entries under new guids: entries are known by their link'),
  ('content', 'the same, and its links do not tell entries apart: entries are known by title, date and text');

ALTER TABLE ingest.feeds
  ADD COLUMN identity_rule text NOT NULL DEFAULT 'guid' REFERENCES ingest.identity_rules;
ALTER TABLE ingest.feed_state
  ADD COLUMN guid_churn int NOT NULL DEFAULT 0;
COMMENT ON COLUMN ingest.feeds.identity_rule IS 'what its entries are known by';
COMMENT ON COLUMN ingest.feed_state.guid_churn IS 'documents in a row that showed known entries under new guids';
