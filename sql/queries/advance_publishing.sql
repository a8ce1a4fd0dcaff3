-- The last numbers given; who listens is told when this commits.
WITH advanced AS (
  UPDATE ingest.singletons
  SET ingest_seq = %(ingest_seq)s, change_seq = %(change_seq)s
  WHERE name = 'publish'
)
SELECT pg_notify(
  'news_articles', json_build_object('ingest_seq', %(ingest_seq)s::bigint, 'change_seq', %(change_seq)s::bigint)::text
);
