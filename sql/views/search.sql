-- What people type, as it is asked of the index: words in scripts without spaces become phrases of pairs.
CREATE OR REPLACE FUNCTION ingest.search_spelling(typed text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = '' AS $$
DECLARE
  -- A run ends with its last letter alone only at the end of a text: the query's may go on there.
  last_letter CONSTANT text := '(\S)([^\u0001-\u007F]) +\2\s*$';
  part text;
  word text;
  is_quoted boolean := false;
  spelled text := '';
BEGIN
  IF ingest.is_unspaced(typed) IS NOT TRUE THEN
    RETURN typed;
  END IF;
  FOREACH part IN ARRAY pg_catalog.string_to_array(typed, '"') LOOP
    IF is_quoted THEN
      spelled := spelled || '"' || pg_catalog.regexp_replace(ingest.search_pairs(part), last_letter, '\1\2') || '"';
    ELSE
      FOREACH word IN ARRAY pg_catalog.regexp_split_to_array(part, '\s+') LOOP
        IF ingest.is_unspaced(word) THEN
          word := CASE WHEN pg_catalog.starts_with(word, '-') THEN '-"' ELSE '"' END
            || pg_catalog.regexp_replace(ingest.search_pairs(word), last_letter, '\1\2') || '"';
        END IF;
        spelled := spelled || word || ' ';
      END LOOP;
      spelled := CASE WHEN pg_catalog.right(part, 1) = '-' THEN pg_catalog.rtrim(spelled) ELSE spelled END;
    END IF;
    is_quoted := NOT is_quoted;
  END LOOP;
  RETURN spelled;
END $$;

-- The words in one configuration, or NULL when none is left of them. A single letter of a script
-- without spaces is the beginning of a pair.
CREATE OR REPLACE FUNCTION ingest.search_words(configuration text, spelled text) RETURNS tsquery
LANGUAGE sql IMMUTABLE SET search_path = '' AS $$
  SELECT CASE WHEN pg_catalog.numnode(asked) > 0 THEN
    CASE WHEN ingest.is_unspaced(spelled)
      THEN pg_catalog.regexp_replace(asked::text, '''([^\u0001-\u007F])''(?!:)', '''\1'':*', 'g')::pg_catalog.tsquery
      ELSE asked
    END
  END
  FROM pg_catalog.websearch_to_tsquery(('pg_catalog.' || configuration)::pg_catalog.regconfig, spelled) AS asked
$$;

-- A mark of the index (see ingest.search_marks) as a query.
CREATE OR REPLACE FUNCTION ingest.search_mark(mark text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT SET search_path = '' AS $$
  SELECT ('''' || pg_catalog.replace(pg_catalog.replace(mark, '\', '\\'), '''', '''''') || '''')::pg_catalog.tsquery
$$;

-- Every text is matched with the words as its own configuration reads them. Configurations that
-- read them alike are asked together.
CREATE OR REPLACE FUNCTION ingest.search_query(spelled text, language text) RETURNS tsquery
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  configurations text[];
  words tsquery;
  asked tsquery;
BEGIN
  FOR configurations, words IN
    SELECT pg_catalog.array_agg(read.configuration), read.words
    FROM (
      SELECT c.configuration, ingest.search_words(c.configuration, spelled) AS words
      FROM ingest.search_configurations AS c
      WHERE search_query.language IS NULL
        OR c.configuration = ingest.search_configuration(search_query.language)
    ) AS read
    WHERE read.words IS NOT NULL
    GROUP BY read.words
  LOOP
    words := ingest.search_either(configurations) OPERATOR(pg_catalog.&&) words;
    asked := CASE WHEN asked IS NULL THEN words ELSE asked OPERATOR(pg_catalog.||) words END;
  END LOOP;
  RETURN asked;
END $$;

CREATE OR REPLACE FUNCTION ingest.search_either(configurations text[]) RETURNS tsquery
LANGUAGE sql IMMUTABLE SET search_path = '' AS $$
  SELECT pg_catalog.string_agg(pg_catalog.quote_literal(' c:' || name), ' | ')::pg_catalog.tsquery
  FROM pg_catalog.unnest(configurations) AS name
$$;

-- The newest matches, at most 1,000: looked for in the newest two blocks of an hour, then of 8,
-- 64, ... hours, until there are enough or the blocks reach beyond `since`; then everywhere.
CREATE OR REPLACE FUNCTION ingest.search_newest(
  asked tsquery, since timestamptz, until timestamptz
) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  most CONSTANT int := 1000;
  newest timestamptz := (
    SELECT a.published_at FROM ingest.articles AS a WHERE a.published_at IS NOT NULL
    ORDER BY a.published_at DESC NULLS LAST LIMIT 1
  );
  -- Texts that wait for their publication are in the index already, and take no place.
  waiting CONSTANT bigint := (SELECT count(*) FROM ingest.unpublished);
  block bigint;
  bounded tsquery;
  found bigint[];
BEGIN
  FOR level IN 0..5 LOOP
    bounded := asked;
    block := ingest.search_block(least(until, newest), level);
    IF level < 5 THEN
      bounded := asked OPERATOR(pg_catalog.&&) (
        ingest.search_mark(' ' || level || ':' || block)
        OPERATOR(pg_catalog.||) ingest.search_mark(' ' || level || ':' || block - 1));
    END IF;
    found := ARRAY (
      SELECT matching.article_id
      FROM (
        SELECT s.article_id
        FROM ingest.search AS s
        WHERE s.document OPERATOR(pg_catalog.@@) bounded
          AND (search_newest.since IS NULL OR s.published_at >= search_newest.since)
          AND (search_newest.until IS NULL OR s.published_at < search_newest.until)
        ORDER BY s.published_at DESC NULLS LAST, s.article_id DESC
        LIMIT most + waiting
      ) AS matching
      WHERE EXISTS (SELECT FROM ingest.publications AS p WHERE p.article_id = matching.article_id)
      LIMIT most
    );
    EXIT WHEN pg_catalog.cardinality(found) = most
      OR (block - 1) <= ingest.search_block(since, level);
  END LOOP;
  RETURN found;
END $$;

-- The place of the words in a text without spaces: ts_headline knows only words between spaces.
CREATE OR REPLACE FUNCTION ingest.search_snippet(body text, typed text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = '' AS $$
  SELECT pg_catalog.regexp_replace(
    CASE WHEN place > 25 THEN '… ' ELSE '' END
    || pg_catalog.substr(body, greatest(place - 24, 1), least(place - 1, 24))
    || '«' || word || '»' || pg_catalog.substr(body, place + pg_catalog.length(word), 60),
    '\s+', ' ', 'g')
  FROM (
    SELECT word, pg_catalog.strpos(body, word) AS place
    FROM pg_catalog.regexp_split_to_table(typed, '[\s"]+') AS word
    WHERE ingest.is_unspaced(word)
  ) AS places
  WHERE place > 0
  ORDER BY pg_catalog.length(word) DESC
  LIMIT 1
$$;

CREATE OR REPLACE FUNCTION news.search(
  query text,
  lim int DEFAULT 20,
  since timestamptz DEFAULT NULL,
  until timestamptz DEFAULT NULL,
  language text DEFAULT NULL,
  site text DEFAULT NULL
) RETURNS TABLE (
  article_id bigint, title text, url text, published_at timestamptz, rank real, headline text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
  -- Each dash in a row is a negation more, and Postgres reads no more than 32.
  typed CONSTANT text := pg_catalog.regexp_replace(pg_catalog.left(search.query, 1000), '-[-\s]*-', '-', 'g');
  spelled CONSTANT text := ingest.search_spelling(typed);
  language CONSTANT text := pg_catalog.lower(search.language);
  bounds CONSTANT tsquery[] := ARRAY[
    ingest.search_mark(' s:' || pg_catalog.lower(search.site)), ingest.search_mark(' l:' || language)
  ];
  -- A bound at the end of time is none; one that leaves out every time leaves out all.
  earliest CONSTANT timestamptz := nullif(search.since, '-infinity');
  latest CONSTANT timestamptz := nullif(search.until, 'infinity');
  asked tsquery := ingest.search_query(spelled, language);
  bound tsquery;
BEGIN
  IF asked IS NULL OR earliest = 'infinity' OR latest = '-infinity' THEN
    RETURN;
  END IF;
  FOREACH bound IN ARRAY bounds LOOP
    asked := CASE WHEN bound IS NULL THEN asked ELSE asked OPERATOR(pg_catalog.&&) bound END;
  END LOOP;
  RETURN QUERY
  WITH spoken AS MATERIALIZED (
    SELECT c.configuration, ingest.search_words(c.configuration, spelled) AS words
    FROM ingest.search_configurations AS c
  ),
  best AS MATERIALIZED (
    SELECT a.article_id, a.url, a.published_at, w.configuration, w.words,
      pg_catalog.ts_rank(s.document, w.words) AS score
    FROM pg_catalog.unnest(ingest.search_newest(asked, earliest, latest)) AS newest (article_id)
    JOIN ingest.publications AS p USING (article_id)
    JOIN ingest.articles AS a USING (article_id)
    JOIN ingest.search AS s USING (article_id)
    JOIN spoken AS w ON w.configuration = ingest.search_configuration(a.language)
    ORDER BY score DESC, a.published_at DESC NULLS LAST, a.article_id DESC
    LIMIT CASE WHEN search.lim < 0 THEN 0 ELSE search.lim END
  )
  SELECT
    b.article_id, r.title, b.url, b.published_at, b.score,
    coalesce(
      CASE WHEN ingest.is_unspaced(typed) THEN ingest.search_snippet(r.text, typed) END,
      pg_catalog.ts_headline(
        ('pg_catalog.' || b.configuration)::pg_catalog.regconfig, pg_catalog.translate(pg_catalog.left(r.text, 250000), E'\n', ' '), b.words,
        'StartSel=«, StopSel=», MaxWords=30, MinWords=12, MaxFragments=2'))
  FROM best AS b
  JOIN ingest.revisions AS r ON r.article_id = b.article_id AND r.is_current
  ORDER BY b.score DESC, b.published_at DESC NULLS LAST, b.article_id DESC;
END $$;
COMMENT ON FUNCTION news.search(text, int, timestamptz, timestamptz, text, text) IS
  'Full-text search in web syntax (words, "a phrase", or, -not), in the form of each article''s own language: ferries finds ferry in English texts. A headline counts more than a text. Ranks at most the 1,000 newest matches by published_at; headline is a snippet of the text with the words marked. language en takes en-us too; since is inclusive, until is not. lim is the number of rows at most; NULL or more than 1,000 gives all that were ranked. Reads the first 1,000 characters of the query and the first 240,000 of a text (fewer where they are more than 1 MB of index). « and » mark the words, in texts that have such signs of their own too.';
