-- Entries that are still in the document, unchanged.
UPDATE ingest.entries AS e
SET last_seen_at = %(now)s, position = t.position
FROM unnest(%(entry_ids)b::bigint[], %(positions)b::int[]) AS t (entry_id, position)
WHERE e.entry_id = t.entry_id AND e.last_seen_at < %(now)s;
