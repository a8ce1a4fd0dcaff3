-- Takedowns: what an article said is erased, and what it was known by stays, so that it never returns.
INSERT INTO ingest.article_outcomes VALUES
  ('removed', 'taken down by an operator: its text is erased, its addresses stay so that it never returns');
UPDATE ingest.change_kinds
SET meaning = 'the page says that the text was withdrawn'
WHERE value = 'retraction';

CREATE TABLE ingest.removals (
  article_id bigint PRIMARY KEY REFERENCES ingest.articles,
  change_seq bigint NOT NULL UNIQUE,
  removed_at timestamptz NOT NULL,
  removed_by text NOT NULL,
  why text
);
COMMENT ON TABLE ingest.removals IS 'articles that were taken down; change_seq is of the one sequence of news.articles, for those who keep a copy';

-- The service may not delete articles, entries or revisions; a takedown may, and nothing else.
CREATE FUNCTION ingest.erase_article(wanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  known bigint[] := ARRAY(
    SELECT a.article_id FROM ingest.articles AS a WHERE wanted IN (a.article_id, a.alias_of)
  );
  story bigint := (SELECT p.story_id FROM ingest.publications AS p WHERE p.article_id = wanted);
BEGIN
  IF NOT EXISTS (SELECT FROM ingest.removals AS r WHERE r.article_id = wanted) THEN
    RAISE EXCEPTION 'article % is not on the list of removals', wanted;
  END IF;
  DELETE FROM ingest.revisions WHERE article_id = wanted;
  DELETE FROM ingest.search WHERE article_id = wanted;
  DELETE FROM ingest.signatures WHERE article_id = wanted;
  DELETE FROM ingest.fingerprints AS f
  USING ingest.articles AS a
  WHERE a.article_id = wanted
    AND f.seen_on = (a.first_seen_at AT TIME ZONE 'UTC')::date
    AND f.article_id = wanted;
  DELETE FROM ingest.story_links WHERE wanted IN (article_id, other_article_id);
  DELETE FROM ingest.publications WHERE article_id = wanted;
  DELETE FROM ingest.unpublished WHERE article_id = wanted;
  IF NOT EXISTS (SELECT FROM ingest.publications AS p WHERE p.story_id = story) THEN
    DELETE FROM ingest.story_ids WHERE story_id = story;
    DELETE FROM ingest.stories WHERE story_id = story;
  END IF;
  -- The same bytes may be another's answer too.
  DELETE FROM ingest.bodies AS b
  WHERE b.body_sha256 IN (
      SELECT f.body_sha256 FROM ingest.fetches AS f WHERE f.article_id = ANY (known)
    )
    AND NOT EXISTS (
      SELECT FROM ingest.fetches AS f
      WHERE f.body_sha256 = b.body_sha256
        AND (f.article_id IS NULL OR f.article_id <> ALL (known))
    );
  UPDATE ingest.entries
  SET title = NULL, summary = NULL, content = NULL, authors = '{}', language = NULL,
    categories = '{}', enclosures = '[]', flags = '{}'
  WHERE article_id = wanted;
  UPDATE ingest.articles
  SET canonical_url = NULL, fetched_at = NULL, changed_at = NULL, authors = '{}',
    published_at = NULL, published_source = NULL, language = NULL, word_count = NULL,
    image_url = NULL, tags = '{}', section = NULL, page_kind = NULL, page_state = NULL,
    text_source = NULL, extractor = NULL, truncated = false, revision_count = 0
  WHERE article_id = wanted;
END $$;
COMMENT ON FUNCTION ingest.erase_article(bigint) IS 'erases what a removed article said: texts, words to search, fingerprints, page bodies, what its entries carried';

-- Whatever a feed says of a removed article later is not kept either.
CREATE FUNCTION ingest.keep_removed_silent() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF EXISTS (SELECT FROM ingest.removals AS r WHERE r.article_id = NEW.article_id) THEN
    NEW.title := NULL;
    NEW.summary := NULL;
    NEW.content := NULL;
    NEW.authors := '{}';
    NEW.language := NULL;
    NEW.categories := '{}';
    NEW.enclosures := '[]';
    NEW.flags := '{}';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_removed_silent
BEFORE INSERT OR UPDATE OF article_id, title, summary, content, authors, categories, enclosures ON ingest.entries
FOR EACH ROW
WHEN (NEW.article_id IS NOT NULL)
EXECUTE FUNCTION ingest.keep_removed_silent();
