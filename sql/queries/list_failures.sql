-- What is not what it should be, and why.
SELECT kind, id, url, stage, reason, message, attempts, last_at, next_attempt_at, final
FROM news.failures
WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)
ORDER BY last_at DESC NULLS LAST, kind, id
LIMIT %(lim)s;
