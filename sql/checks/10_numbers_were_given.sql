-- No sequence number is beyond the last one given.
SELECT p.article_id, p.ingest_seq, p.change_seq
FROM ingest.publications AS p
CROSS JOIN ingest.singletons AS s
WHERE s.name = 'publish'
  AND (p.ingest_seq > s.ingest_seq OR p.change_seq > s.change_seq);
