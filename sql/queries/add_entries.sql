-- Entries that this feed did not show before.
INSERT INTO ingest.entries (
  feed_id, identity, identity_rung, content_digest, article_id, guid, url, title, summary, content,
  authors, language, published_at, published_raw, feed_updated_at, categories, enclosures, flags,
  position, first_seen_at, last_seen_at, reason
)
SELECT
  %(feed_id)s, identity, identity_rung, content_digest, article_id, guid, url, title, summary, content,
  ARRAY (SELECT jsonb_array_elements_text(authors::jsonb)), language, published_at, published_raw,
  feed_updated_at, ARRAY (SELECT jsonb_array_elements_text(categories::jsonb)), enclosures::jsonb,
  ARRAY (SELECT jsonb_array_elements_text(flags::jsonb)), position, %(now)s, %(now)s, reason
FROM unnest(
  %(identities)b::bytea[], %(rungs)b::text[], %(content_digests)b::bytea[], %(article_ids)b::bigint[],
  %(guids)b::text[], %(urls)b::text[], %(titles)b::text[], %(summaries)b::text[], %(contents)b::text[],
  %(authors)b::text[], %(languages)b::text[], %(published)b::timestamptz[], %(published_raw)b::text[],
  %(updated)b::timestamptz[], %(categories)b::text[], %(enclosures)b::text[], %(flags)b::text[],
  %(positions)b::int[], %(reasons)b::text[]
) AS t (
  identity, identity_rung, content_digest, article_id, guid, url, title, summary, content, authors,
  language, published_at, published_raw, feed_updated_at, categories, enclosures, flags, position, reason
)
ORDER BY position
ON CONFLICT (feed_id, identity) DO NOTHING;
