-- What failed, by reason.
SELECT f.kind, f.reason, v.meaning, count(*) AS count, min(f.url) AS example
FROM news.failures AS f
JOIN news.values AS v ON v.column_name = 'reason' AND v.value = f.reason
GROUP BY f.kind, f.reason, v.meaning
ORDER BY f.kind, count DESC, f.reason;
