-- Entries that the feed shows as before under other identifiers.
UPDATE ingest.entries AS e
SET identity = t.identity, identity_rung = t.identity_rung, content_digest = t.content_digest,
  guid = t.guid, url = t.url
FROM unnest(
  %(entry_ids)b::bigint[], %(identities)b::bytea[], %(rungs)b::text[], %(content_digests)b::bytea[],
  %(guids)b::text[], %(urls)b::text[]
) AS t (entry_id, identity, identity_rung, content_digest, guid, url)
WHERE e.entry_id = t.entry_id;
