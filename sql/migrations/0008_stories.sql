-- Stories: the operator's word, and texts that were compared already.
CREATE TABLE ingest.story_rulings (
  ruling_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  article_id bigint NOT NULL REFERENCES ingest.articles ON DELETE CASCADE,
  other_article_id bigint NOT NULL REFERENCES ingest.articles ON DELETE CASCADE,
  ruling text NOT NULL CHECK (ruling IN ('apart', 'together')),
  ruled_at timestamptz NOT NULL,
  ruled_by text NOT NULL,
  reason text,
  lifted_at timestamptz,
  CHECK (other_article_id < article_id)
);
CREATE UNIQUE INDEX story_rulings_in_force ON ingest.story_rulings (article_id, other_article_id)
WHERE lifted_at IS NULL;
CREATE INDEX story_rulings_article ON ingest.story_rulings (article_id);
CREATE INDEX story_rulings_other ON ingest.story_rulings (other_article_id);
COMMENT ON TABLE ingest.story_rulings IS 'pairs of articles that an operator parted or joined; the word that is not lifted counts, and no later run goes against it';

-- Most articles are published again because their page was looked at: the same text need not be
-- looked for among the others again.
ALTER TABLE ingest.signatures ADD COLUMN is_compared boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN ingest.signatures.is_compared IS 'whether this text was held against the others; what comes later is held against it';
UPDATE ingest.signatures AS s
SET is_compared = true
WHERE EXISTS (SELECT FROM ingest.publications AS p WHERE p.article_id = s.article_id)
  AND NOT EXISTS (SELECT FROM ingest.unpublished AS u WHERE u.article_id = s.article_id);
