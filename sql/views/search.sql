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
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  WITH wanted AS MATERIALIZED (
    SELECT pg_catalog.websearch_to_tsquery('pg_catalog.simple', search.query) AS words
  ),
  newest AS MATERIALIZED (
    SELECT a.article_id, a.url, a.published_at, s.document, w.words
    FROM wanted AS w
    JOIN ingest.search AS s ON s.document OPERATOR(pg_catalog.@@) w.words
    JOIN ingest.articles AS a USING (article_id)
    JOIN ingest.publications AS p USING (article_id)
    WHERE (search.since IS NULL OR a.published_at >= search.since)
      AND (search.until IS NULL OR a.published_at < search.until)
      AND (
        search.language IS NULL
        OR a.language = search.language
        OR pg_catalog.starts_with(a.language, search.language || '-')
      )
      AND (search.site IS NULL OR a.site = search.site)
    ORDER BY a.published_at DESC NULLS LAST, a.article_id DESC
    LIMIT 1000
  ),
  best AS MATERIALIZED (
    SELECT n.*, pg_catalog.ts_rank(n.document, n.words) AS score
    FROM newest AS n
    ORDER BY score DESC, n.published_at DESC NULLS LAST, n.article_id DESC
    LIMIT search.lim
  )
  SELECT
    b.article_id, r.title, b.url, b.published_at, b.score,
    pg_catalog.ts_headline(
      'pg_catalog.simple', pg_catalog.left(r.text, 250000), b.words,
      'StartSel=«, StopSel=», MaxWords=30, MinWords=12, MaxFragments=2')
  FROM best AS b
  JOIN ingest.revisions AS r ON r.article_id = b.article_id AND r.is_current
  ORDER BY b.score DESC, b.published_at DESC NULLS LAST, b.article_id DESC
$$;
COMMENT ON FUNCTION news.search(text, int, timestamptz, timestamptz, text, text) IS
  'Full-text search in web syntax (words, "a phrase", or, -not). Ranks at most the 1,000 newest matches; headline is a snippet of the text with the words marked. language en takes en-us too.';
