-- Articles whose text was changed after publication: how long they stood, and how much longer they became.
SELECT
  r.article_id,
  r.seen_at,
  r.seen_at - b.seen_at AS stood_for,
  length(r.text) - length(b.text) AS longer_by,
  r.title
FROM news.revisions AS r
JOIN news.revisions AS b ON b.article_id = r.article_id AND b.revision = r.revision - 1
WHERE r.change_kind IN ('substantive', 'retraction')
ORDER BY r.seen_at DESC;
