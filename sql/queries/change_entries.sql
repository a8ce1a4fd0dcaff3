-- Entries that the feed shows otherwise than before; first_seen_at stays.
UPDATE ingest.entries AS e
SET identity = t.identity, identity_rung = t.identity_rung, guid = t.guid,
  content_digest = t.content_digest, article_id = t.article_id, url = t.url, title = t.title,
  summary = t.summary, content = t.content,
  authors = ARRAY (SELECT jsonb_array_elements_text(t.authors::jsonb)), language = t.language,
  published_at = t.published_at, published_raw = t.published_raw, feed_updated_at = t.feed_updated_at,
  categories = ARRAY (SELECT jsonb_array_elements_text(t.categories::jsonb)), enclosures = t.enclosures::jsonb,
  flags = ARRAY (SELECT jsonb_array_elements_text(t.flags::jsonb)), position = t.position,
  last_seen_at = %(now)s, reason = CASE WHEN t.article_id IS NULL THEN t.reason END
FROM unnest(
  %(entry_ids)b::bigint[],
  %(identities)b::bytea[], %(rungs)b::text[], %(content_digests)b::bytea[], %(article_ids)b::bigint[],
  %(guids)b::text[], %(urls)b::text[], %(titles)b::text[], %(summaries)b::text[], %(contents)b::text[],
  %(authors)b::text[], %(languages)b::text[], %(published)b::timestamptz[], %(published_raw)b::text[],
  %(updated)b::timestamptz[], %(categories)b::text[], %(enclosures)b::text[], %(flags)b::text[],
  %(positions)b::int[], %(reasons)b::text[]
) AS t (
  entry_id, identity, identity_rung, content_digest, article_id, guid, url, title, summary, content, authors,
  language, published_at, published_raw, feed_updated_at, categories, enclosures, flags, position, reason
)
WHERE e.entry_id = t.entry_id;
