-- No sequence number is beyond the last one given, and none was given to a change and a takedown both.
SELECT p.article_id, p.ingest_seq, p.change_seq
FROM ingest.publications AS p
CROSS JOIN ingest.singletons AS s
WHERE s.name = 'publish'
  AND (p.ingest_seq > s.ingest_seq OR p.change_seq > s.change_seq)
UNION ALL
SELECT r.article_id, NULL, r.change_seq
FROM ingest.removals AS r
CROSS JOIN ingest.singletons AS s
WHERE s.name = 'publish'
  AND (
    r.change_seq > s.change_seq
    OR EXISTS (SELECT FROM ingest.publications AS p WHERE p.change_seq = r.change_seq)
  );
