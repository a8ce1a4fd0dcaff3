-- An article behind a paywall is an article: what is shown of it is stored, and marked.
CREATE TABLE ingest.access_kinds (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.access_kinds VALUES
  ('free', 'the page says that everybody may read the article'),
  ('metered', 'the article is not free: its text here is the teaser that everybody may read');
ALTER TABLE ingest.articles ADD COLUMN access text REFERENCES ingest.access_kinds;
COMMENT ON COLUMN ingest.articles.access IS 'whether the present text is a teaser of an article that is not free; NULL when the page does not say';
UPDATE ingest.articles SET access = 'metered' WHERE page_kind = 'teaser';
UPDATE ingest.reasons SET meaning = 'a wall for subscribers shows nothing of the article'
WHERE value = 'paywall';

-- As before, and without the access.
CREATE OR REPLACE FUNCTION ingest.erase_article(wanted bigint) RETURNS void
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
    published_at = NULL, published_source = NULL, dates = '{}', language = NULL, word_count = NULL,
    image_url = NULL, tags = '{}', section = NULL, page_kind = NULL, page_state = NULL,
    text_source = NULL, extractor = NULL, truncated = false, access = NULL, revision_count = 0
  WHERE article_id = wanted;
END $$;
