-- Numbers under which both a feed and an article failed.
SELECT id
FROM news.failures
WHERE kind IN ('feed', 'article') AND id = ANY (%(ids)s::bigint[])
GROUP BY id
HAVING count(DISTINCT kind) > 1
ORDER BY id;
