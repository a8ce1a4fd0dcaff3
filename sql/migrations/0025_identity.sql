-- Entries are told apart by headline, date and text where identifiers tell nothing; identifiers that do not last are named.
ALTER TABLE ingest.entries DROP CONSTRAINT entries_identity_rung_check;
ALTER TABLE ingest.entries ADD CONSTRAINT entries_identity_rung_check
  CHECK (identity_rung IN ('guid', 'guid_link', 'link', 'title', 'content', 'whole')) NOT VALID;
CREATE INDEX entries_titled ON ingest.entries (feed_id, hashtextextended(title, 0), entry_id)
  WHERE title IS NOT NULL;

CREATE TABLE ingest.volatile_keys (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.volatile_keys VALUES
  ('guid', 'two documents in a row showed known entries under new guids, and no three since under lasting ones'),
  ('link', 'two documents in a row showed known entries under new links, and no three since under lasting ones');

ALTER TABLE ingest.feeds
  ADD COLUMN volatile_keys text[] NOT NULL DEFAULT '{}' CHECK (volatile_keys <@ '{guid,link}'),
  ADD COLUMN identity_changed_at timestamptz;
ALTER TABLE ingest.feed_state
  ADD COLUMN link_churn int NOT NULL DEFAULT 0;
ALTER TABLE ingest.polls
  ADD COLUMN merged int NOT NULL DEFAULT 0 CHECK (merged >= 0);

UPDATE ingest.feeds SET volatile_keys = '{guid}' WHERE identity_rule IN ('link', 'content');
UPDATE ingest.identity_rules
SET meaning = 'its guids are new in each document: entries are known by their link, else by headline, date and text'
WHERE value = 'link';
UPDATE ingest.identity_rules
SET meaning = 'its links are new in each document, and its guids if it has any: entries are known by headline, date and text'
WHERE value = 'content';

COMMENT ON COLUMN ingest.feeds.volatile_keys IS 'identifiers that the feed makes anew for each request; they are left out when entries are recognised';
COMMENT ON COLUMN ingest.feeds.identity_changed_at IS 'when volatile_keys changed last';
COMMENT ON COLUMN ingest.feed_state.guid_churn IS 'documents in a row that spoke against what its guids are known for: new guids of known entries, or lasting ones of a feed whose guids are volatile';
COMMENT ON COLUMN ingest.feed_state.link_churn IS 'the same of its links';
COMMENT ON COLUMN ingest.polls.merged IS 'entries that the document showed more than once, counted as known';
