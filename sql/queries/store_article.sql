-- The facts of an article as its page tells them now; a row that says so already is left alone.
UPDATE ingest.articles AS a
SET url = %(url)s,
  site = %(site)s,
  canonical_url = %(canonical_url)s,
  fetched_at = %(fetched_at)s,
  changed_at = coalesce(%(changed_at)s, changed_at),
  last_checked_at = greatest(last_checked_at, %(fetched_at)s),
  authors = %(authors)s,
  published_at = %(published_at)s,
  published_source = %(published_source)s,
  dates = %(dates)s,
  language = %(language)s,
  word_count = %(word_count)s,
  image_url = %(image_url)s,
  tags = %(tags)s,
  section = %(section)s,
  page_kind = %(page_kind)s,
  page_state = CASE WHEN last_checked_at > %(fetched_at)s THEN page_state ELSE 'live' END,
  text_source = %(text_source)s,
  extractor = %(extractor)s,
  truncated = %(truncated)s,
  revision_count = held.revision_count
FROM (
  SELECT count(*)::int AS revision_count FROM ingest.revisions WHERE article_id = %(article_id)s
) AS held
WHERE a.article_id = %(article_id)s
  AND (
    a.url, a.site, a.canonical_url, a.fetched_at, a.changed_at, a.authors, a.published_at,
    a.published_source, a.dates, a.language, a.word_count, a.image_url, a.tags, a.section, a.page_kind,
    a.text_source, a.extractor, a.truncated, a.revision_count
  ) IS DISTINCT FROM (
    %(url)s, %(site)s, %(canonical_url)s, %(fetched_at)s, coalesce(%(changed_at)s, a.changed_at),
    %(authors)s, %(published_at)s, %(published_source)s, %(dates)s, %(language)s, %(word_count)s,
    %(image_url)s, %(tags)s, %(section)s, %(page_kind)s, %(text_source)s, %(extractor)s,
    %(truncated)s, held.revision_count
  );
