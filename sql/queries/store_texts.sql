-- Texts and facts as pages tell them now; what says so already is left alone, what changed waits to be published.
WITH given AS MATERIALIZED (
  SELECT *
  FROM ROWS FROM (
    json_to_recordset(%(texts)s::json) AS (
      article_id bigint, now timestamptz, is_newest boolean, change_kind text, digest bytea,
      title text, description text, text text,
      url text, site text, canonical_url text, fetched_at timestamptz, changed_at timestamptz,
      authors text[], published_at timestamptz, published_source text, dates jsonb, language text,
      declared_language text,
      word_count int, image_url text, tags text[], section text, page_kind text, text_source text,
      extractor text, truncated boolean, access text, revision_count int
    )
  ) WITH ORDINALITY AS t (
    article_id, now, is_newest, change_kind, digest, title, description, text, url, site,
    canonical_url, fetched_at, changed_at, authors, published_at, published_source, dates, language,
    declared_language, word_count, image_url, tags, section, page_kind, text_source, extractor,
    truncated, access, revision_count, nth
  )
),
revised AS (
  INSERT INTO ingest.revisions (
    article_id, digest, is_current, seen_at, title, description, text, change_kind
  )
  SELECT article_id, digest, is_newest, fetched_at, title, description, text, change_kind
  FROM given
  WHERE change_kind IS NOT NULL
  ORDER BY nth
  -- A text that comes back is marked current again.
  ON CONFLICT (article_id, digest) DO UPDATE
  SET is_current = revisions.is_current OR excluded.is_current,
    seen_at = least(revisions.seen_at, excluded.seen_at),
    description = CASE
      WHEN excluded.is_current THEN excluded.description ELSE revisions.description
    END
  RETURNING article_id
),
-- Headline, description and text as the page words them now, where no further revision is shown; or an
-- earlier revision is the present one again.
reworded AS (
  UPDATE ingest.revisions AS r
  SET is_current = true, digest = g.digest, title = g.title, description = g.description,
    text = g.text
  FROM given AS g
  WHERE r.article_id = g.article_id
    AND g.is_newest
    AND g.change_kind IS NULL
    AND (r.is_current OR r.digest = g.digest)
    AND (r.is_current, r.digest, r.description) IS DISTINCT FROM (true, g.digest, g.description)
  RETURNING r.article_id
),
-- An older text came in late: only the number of revisions changed.
counted AS (
  UPDATE ingest.articles AS a
  SET revision_count = g.revision_count
  FROM given AS g
  WHERE a.article_id = g.article_id AND NOT g.is_newest AND g.change_kind IS NOT NULL
),
told AS (
  UPDATE ingest.articles AS a
  SET url = g.url,
    site = g.site,
    canonical_url = g.canonical_url,
    fetched_at = g.fetched_at,
    changed_at = coalesce(g.changed_at, a.changed_at),
    last_checked_at = greatest(a.last_checked_at, g.fetched_at),
    authors = g.authors,
    published_at = g.published_at,
    published_source = g.published_source,
    dates = g.dates,
    language = g.language,
    declared_language = g.declared_language,
    word_count = g.word_count,
    image_url = g.image_url,
    tags = g.tags,
    section = g.section,
    page_kind = g.page_kind,
    page_state = CASE WHEN a.last_checked_at > g.fetched_at THEN a.page_state ELSE 'live' END,
    text_source = g.text_source,
    extractor = g.extractor,
    truncated = g.truncated,
    access = g.access,
    revision_count = g.revision_count
  FROM given AS g
  WHERE a.article_id = g.article_id
    AND g.is_newest
    AND (
      a.url, a.site, a.canonical_url, a.fetched_at, a.changed_at, a.authors, a.published_at,
      a.published_source, a.dates, a.language, a.declared_language, a.word_count, a.image_url, a.tags,
      a.section, a.page_kind, a.text_source, a.extractor, a.truncated, a.access, a.revision_count
    ) IS DISTINCT FROM (
      g.url, g.site, g.canonical_url, g.fetched_at, coalesce(g.changed_at, a.changed_at),
      g.authors, g.published_at, g.published_source, g.dates, g.language, g.declared_language,
      g.word_count, g.image_url, g.tags, g.section, g.page_kind, g.text_source, g.extractor, g.truncated,
      g.access, g.revision_count
    )
  RETURNING a.article_id
)
INSERT INTO ingest.unpublished (article_id, since)
SELECT article_id, now
FROM given
WHERE article_id IN (
  SELECT article_id FROM revised
  UNION ALL SELECT article_id FROM reworded
  UNION ALL SELECT article_id FROM told
)
ORDER BY article_id
ON CONFLICT (article_id) DO UPDATE
SET since = excluded.since;
