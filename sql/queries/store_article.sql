-- The facts of an article as its page tells them now.
UPDATE ingest.articles
SET url = %(url)s,
  site = %(site)s,
  canonical_url = %(canonical_url)s,
  fetched_at = %(fetched_at)s,
  changed_at = coalesce(%(changed_at)s, changed_at),
  last_checked_at = %(fetched_at)s,
  authors = %(authors)s,
  published_at = %(published_at)s,
  published_source = %(published_source)s,
  language = %(language)s,
  word_count = %(word_count)s,
  image_url = %(image_url)s,
  tags = %(tags)s,
  section = %(section)s,
  page_kind = %(page_kind)s,
  page_state = 'live',
  text_source = %(text_source)s,
  extractor = %(extractor)s,
  truncated = %(truncated)s,
  revision_count = (SELECT count(*) FROM ingest.revisions WHERE article_id = %(article_id)s)
WHERE article_id = %(article_id)s;
