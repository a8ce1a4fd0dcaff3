-- An operator thought better of these pairs; the old word stays to be read.
UPDATE ingest.story_rulings AS r
SET lifted_at = %(now)s
FROM unnest(%(article_ids)b::bigint[], %(others)b::bigint[]) AS t (article_id, other_article_id)
WHERE r.article_id = t.article_id
  AND r.other_article_id = t.other_article_id
  AND r.lifted_at IS NULL;
