-- An operator's word on pairs of articles.
INSERT INTO ingest.story_rulings (
  article_id, other_article_id, ruling, ruled_at, ruled_by, reason
)
SELECT article_id, other_article_id, %(ruling)s, %(now)s, %(ruled_by)s, %(reason)s
FROM unnest(%(article_ids)b::bigint[], %(others)b::bigint[]) AS t (article_id, other_article_id)
ORDER BY article_id, other_article_id;
