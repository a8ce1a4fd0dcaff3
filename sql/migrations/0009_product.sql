-- What people ask for finds an index; search knows languages, scripts without spaces and time; ages are kept.
CREATE INDEX articles_url ON ingest.articles USING hash (url);
CREATE INDEX articles_hour
ON ingest.articles (date_bin('1 hour', first_seen_at, TIMESTAMPTZ '2000-01-01 00:00:00Z'));
-- The entries of a feed's last week are counted from the index alone.
DROP INDEX ingest.entries_seen;
CREATE INDEX entries_seen ON ingest.entries (feed_id, first_seen_at) INCLUDE (article_id);
CREATE INDEX revisions_newest ON ingest.revisions (seen_at DESC);
CREATE INDEX stories_first_seen ON ingest.stories (first_seen_at DESC, story_id);
CREATE INDEX stories_lead ON ingest.stories (lead_article_id);
CREATE INDEX feed_state_failing ON ingest.feed_state (last_error_reason)
WHERE last_error_reason IS NOT NULL;
CREATE INDEX article_state_reason ON ingest.article_state (reason)
WHERE reason IS NOT NULL AND outcome IN ('pending', 'failed', 'quarantined', 'capped');
DROP INDEX ingest.entries_homeless;
CREATE INDEX entries_reason ON ingest.entries (reason) WHERE reason IS NOT NULL;

-- Retention finds what is old, and what still points to it.
CREATE INDEX bodies_stored ON ingest.bodies (stored_at, body_sha256);
CREATE INDEX fetches_body ON ingest.fetches (body_sha256) WHERE body_sha256 IS NOT NULL;
CREATE INDEX polls_fetch ON ingest.polls (fetch_id) WHERE fetch_id IS NOT NULL;

CREATE FUNCTION ingest.drop_fingerprint_months(before date) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET lock_timeout = '2s' AS $$
DECLARE
  name text;
  dropped int := 0;
BEGIN
  FOR name IN
    SELECT c.relname
    FROM pg_catalog.pg_inherits AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'ingest.fingerprints'::pg_catalog.regclass
      AND c.relname < 'fingerprints_' || pg_catalog.to_char(before, 'YYYY_MM')
    ORDER BY c.relname
  LOOP
    EXECUTE pg_catalog.format('DROP TABLE ingest.%I', name);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
EXCEPTION WHEN lock_not_available THEN
  RETURN 0;
END $$;
COMMENT ON FUNCTION ingest.drop_fingerprint_months(date) IS
  'drops the partitions of the months before that of this day and returns how many; none while a publisher holds them for 2 s';

-- Which text search configuration reads a language: what PostgreSQL 16 and later both have.
-- No SET clause and no subquery, so that it is inlined: a search asks it of each match.
CREATE FUNCTION ingest.search_configuration(language text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE pg_catalog.split_part(pg_catalog.lower(language), '-', 1)
    WHEN 'ar' THEN 'arabic'
    WHEN 'hy' THEN 'armenian'
    WHEN 'eu' THEN 'basque'
    WHEN 'ca' THEN 'catalan'
    WHEN 'da' THEN 'danish'
    WHEN 'nl' THEN 'dutch'
    WHEN 'en' THEN 'english'
    WHEN 'fi' THEN 'finnish'
    WHEN 'fr' THEN 'french'
    WHEN 'de' THEN 'german'
    WHEN 'el' THEN 'greek'
    WHEN 'hi' THEN 'hindi'
    WHEN 'hu' THEN 'hungarian'
    WHEN 'id' THEN 'indonesian'
    WHEN 'ga' THEN 'irish'
    WHEN 'it' THEN 'italian'
    WHEN 'lt' THEN 'lithuanian'
    WHEN 'ne' THEN 'nepali'
    WHEN 'nb' THEN 'norwegian'
    WHEN 'nn' THEN 'norwegian'
    WHEN 'no' THEN 'norwegian'
    WHEN 'pt' THEN 'portuguese'
    WHEN 'ro' THEN 'romanian'
    WHEN 'ru' THEN 'russian'
    WHEN 'sr' THEN 'serbian'
    WHEN 'es' THEN 'spanish'
    WHEN 'sv' THEN 'swedish'
    WHEN 'ta' THEN 'tamil'
    WHEN 'tr' THEN 'turkish'
    WHEN 'yi' THEN 'yiddish'
    ELSE 'simple'
  END
$$;
COMMENT ON FUNCTION ingest.search_configuration(text) IS
  'name of the text search configuration for a language, regional forms included; simple for any other';

-- Han, Kana, Bopomofo, Hangul, Thai, Lao, Khmer and Myanmar write without spaces, or glue particles
-- to words.
CREATE FUNCTION ingest.is_unspaced(letters text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT letters OPERATOR(pg_catalog.~) '[\u0E00-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF\u3005-\u3007\u3040-\u318F\u31A0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF66-\uFF9F\U00020000-\U0003FFFF]'
$$;
COMMENT ON FUNCTION ingest.is_unspaced(text) IS 'whether a text holds letters of a script that is not written with spaces';

-- They are indexed by pairs: ABC becomes AB BC C, so that a single letter is found too, as the
-- beginning of a pair.
CREATE FUNCTION ingest.search_pairs(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = '' AS $$
BEGIN
  IF NOT ingest.is_unspaced(words) THEN
    RETURN words;
  END IF;
  RETURN (
    SELECT pg_catalog.string_agg(
      CASE
        WHEN NOT is_run THEN letter
        ELSE CASE WHEN follows_run THEN '' ELSE ' ' END || letter || coalesce(next_of_run, '') || ' '
      END, '' ORDER BY nth)
    FROM (
      SELECT nth, letter, is_run,
        coalesce(pg_catalog.lag(is_run) OVER w, false) AS follows_run,
        CASE WHEN pg_catalog.lead(is_run) OVER w THEN pg_catalog.lead(letter) OVER w END AS next_of_run
      FROM (
        SELECT nth, letter, ingest.is_unspaced(letter) AS is_run
        FROM pg_catalog.unnest(pg_catalog.string_to_array(words, NULL))
          WITH ORDINALITY AS spelled (letter, nth)
      ) AS letters
      WINDOW w AS (ORDER BY nth)
    ) AS runs
  );
END $$;
COMMENT ON FUNCTION ingest.search_pairs(text) IS
  'the text with each run of such letters taken apart into overlapping pairs and its last letter';

-- A time as the block of 8^level hours that holds it.
CREATE FUNCTION ingest.search_block(moment timestamptz, level int) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = '' AS $$
  SELECT pg_catalog.floor(extract(epoch FROM moment) / 3600 / 8 ^ level)::bigint
$$;

-- What is no word of an article but is asked for with its words: configuration, site, language and
-- the blocks of time that hold it. With them one look into the index is enough, and a common word
-- costs no more than the newest block that holds enough of it. They begin with a space, as no word does.
CREATE FUNCTION ingest.search_marks(
  language text, site text, published_at timestamptz
) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = '' AS $$
  SELECT pg_catalog.array_to_tsvector(pg_catalog.array_agg(mark))
  FROM (
    SELECT ' c:' || ingest.search_configuration(language) AS mark
    UNION SELECT ' s:' || site
    UNION SELECT ' l:' || language
    UNION SELECT ' l:' || pg_catalog.split_part(language, '-', 1)
    UNION SELECT ' ' || level || ':' || ingest.search_block(published_at, level)
    FROM pg_catalog.generate_series(0, 4) AS level
  ) AS marks
  WHERE mark IS NOT NULL
$$;
COMMENT ON FUNCTION ingest.search_marks(text, text, timestamptz) IS
  'marks of an article for the search index; see news.search';

-- A tsvector ends at 1 MB. 240,000 characters stay below it in nearly every text; where they do
-- not, half of them do, or a quarter.
CREATE FUNCTION ingest.search_document(language text, title text, body text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE SET search_path = '' SET client_min_messages = error AS $$
DECLARE
  configuration regconfig := ('pg_catalog.' || ingest.search_configuration(language))::pg_catalog.regconfig;
  most int := 240000;
BEGIN
  LOOP
    BEGIN
      RETURN pg_catalog.setweight(
          pg_catalog.to_tsvector(configuration, ingest.search_pairs(pg_catalog.left(coalesce(title, ''), 10000))), 'A')
        || pg_catalog.to_tsvector(configuration, ingest.search_pairs(pg_catalog.left(body, most)));
    EXCEPTION WHEN program_limit_exceeded THEN
      most := most / 2;
    END;
  END LOOP;
END $$;
COMMENT ON FUNCTION ingest.search_document(text, text, text) IS
  'words of an article in the form its language is searched in, the headline''s above the text''s';

CREATE TABLE ingest.search_configurations (configuration text PRIMARY KEY);
COMMENT ON TABLE ingest.search_configurations IS
  'text search configurations that some article was indexed with: a search asks in each of them';

ALTER TABLE ingest.search ADD COLUMN published_at timestamptz;
COMMENT ON COLUMN ingest.search.published_at IS 'of the article: the newest matches are taken without a look at the article';
-- The words stand apart, so that reading ids and times of many matches reads few pages.
ALTER TABLE ingest.search SET (toast_tuple_target = 128);
-- What waits to be merged into the index is read by each search: little of it.
ALTER INDEX ingest.search_document SET (gin_pending_list_limit = 256);

CREATE FUNCTION ingest.index_article(wanted bigint) RETURNS void
LANGUAGE sql SET search_path = '' AS $$
  INSERT INTO ingest.search_configurations (configuration)
  SELECT ingest.search_configuration(a.language)
  FROM ingest.articles AS a
  WHERE a.article_id = wanted
    AND NOT EXISTS (
      SELECT FROM ingest.search_configurations AS c
      WHERE c.configuration = ingest.search_configuration(a.language)
    )
  ON CONFLICT DO NOTHING;
  INSERT INTO ingest.search (article_id, document, published_at)
  SELECT a.article_id,
    ingest.search_document(a.language, r.title, r.text)
      || ingest.search_marks(a.language, a.site, a.published_at),
    a.published_at
  FROM ingest.articles AS a
  JOIN ingest.revisions AS r ON r.article_id = a.article_id AND r.is_current
  WHERE a.article_id = wanted
  ON CONFLICT (article_id) DO UPDATE
  SET document = excluded.document, published_at = excluded.published_at
$$;
COMMENT ON FUNCTION ingest.index_article(bigint) IS 'makes the present text of an article findable';

-- Facts may change without the text.
CREATE FUNCTION ingest.index_facts() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF EXISTS (SELECT FROM ingest.search AS s WHERE s.article_id = NEW.article_id) THEN
    PERFORM ingest.index_article(NEW.article_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER index_facts
AFTER UPDATE OF language, site, published_at ON ingest.articles
FOR EACH ROW
WHEN ((OLD.language, OLD.site, OLD.published_at) IS DISTINCT FROM (NEW.language, NEW.site, NEW.published_at))
EXECUTE FUNCTION ingest.index_facts();

SELECT count(ingest.index_article(article_id)) FROM ingest.search;
