-- Headlines that were changed after publication, before and after.
SELECT r.article_id, b.title AS before, r.title AS after, r.seen_at, r.change_kind
FROM news.revisions AS r
JOIN news.revisions AS b ON b.article_id = r.article_id AND b.revision = r.revision - 1
WHERE r.title IS DISTINCT FROM b.title
ORDER BY r.seen_at DESC;
