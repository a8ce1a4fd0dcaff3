-- Publishing: one serialised step that groups articles into stories and numbers what changed.
CREATE TABLE ingest.singletons (
  name text PRIMARY KEY,
  ingest_seq bigint NOT NULL DEFAULT 0,
  change_seq bigint NOT NULL DEFAULT 0
);
INSERT INTO ingest.singletons (name) VALUES ('publish'), ('prune');
COMMENT ON TABLE ingest.singletons IS 'work that only one process may do at a time locks its row; the publish row holds the last numbers given';

-- Articles whose visible row changed since they were last published.
CREATE TABLE ingest.unpublished (
  article_id bigint PRIMARY KEY REFERENCES ingest.articles ON DELETE CASCADE,
  since timestamptz NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE ingest.stories (
  story_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lead_article_id bigint NOT NULL REFERENCES ingest.articles,
  first_seen_at timestamptz NOT NULL
);

CREATE TABLE ingest.story_ids (
  old_story_id bigint PRIMARY KEY,
  story_id bigint NOT NULL REFERENCES ingest.stories
);
CREATE INDEX story_ids_present ON ingest.story_ids (story_id);

CREATE TABLE ingest.publications (
  article_id bigint PRIMARY KEY REFERENCES ingest.articles ON DELETE CASCADE,
  ingest_seq bigint NOT NULL UNIQUE,
  change_seq bigint NOT NULL UNIQUE,
  story_id bigint NOT NULL REFERENCES ingest.stories,
  is_lead boolean NOT NULL,
  duplicate_kind text NOT NULL REFERENCES ingest.duplicate_kinds,
  CHECK (is_lead = (duplicate_kind = 'original'))
) WITH (fillfactor = 80);
CREATE INDEX publications_story ON ingest.publications (story_id);

CREATE TABLE ingest.story_links (
  article_id bigint NOT NULL REFERENCES ingest.articles ON DELETE CASCADE,
  other_article_id bigint NOT NULL REFERENCES ingest.articles ON DELETE CASCADE,
  kind text NOT NULL REFERENCES ingest.duplicate_kinds,
  score double precision NOT NULL CHECK (score BETWEEN 0 AND 1),
  reason text NOT NULL,
  PRIMARY KEY (article_id, other_article_id),
  CHECK (other_article_id < article_id)
);
CREATE INDEX story_links_other ON ingest.story_links (other_article_id);

-- Winnowed shingle hashes; a month is a partition, so an old month is dropped in one statement.
CREATE TABLE ingest.fingerprints (
  hash bigint NOT NULL,
  article_id bigint NOT NULL,
  seen_on date NOT NULL
) PARTITION BY RANGE (seen_on);
CREATE INDEX fingerprints_hash ON ingest.fingerprints (hash, article_id);

CREATE FUNCTION ingest.make_fingerprint_month(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  month date := pg_catalog.date_trunc('month', day)::date;
  name text := 'fingerprints_' || pg_catalog.to_char(month, 'YYYY_MM');
BEGIN
  IF pg_catalog.to_regclass('ingest.' || name) IS NULL THEN
    EXECUTE pg_catalog.format(
      'CREATE TABLE ingest.%I PARTITION OF ingest.fingerprints FOR VALUES FROM (%L) TO (%L)',
      name, month, (month + interval '1 month')::date);
  END IF;
END $$;
COMMENT ON FUNCTION ingest.make_fingerprint_month(date) IS 'makes the partition that holds this day, if it is missing';

-- A database holds either the live world or a replayed one, never both by accident.
CREATE TABLE ingest.purpose (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  purpose text NOT NULL CHECK (purpose IN ('live', 'replay'))
);
INSERT INTO ingest.purpose (purpose) VALUES ('live');
