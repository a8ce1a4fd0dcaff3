-- What is not what it should be, and why.
SELECT kind, id, url, stage, reason, message, attempts, last_at, next_attempt_at, final
FROM news.failures
WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)
  AND (%(reason)s::text IS NULL OR reason = %(reason)s)
  AND (%(site)s::text IS NULL OR url ~* ('^https?://([^/?#]*\.)?' || replace(%(site)s, '.', '\.') || '(:\d+)?([/?#]|$)'))
ORDER BY last_at DESC NULLS LAST, kind, id
LIMIT %(lim)s;
