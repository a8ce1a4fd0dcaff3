-- What fails, by reason, with its meaning and one example.
SELECT f.kind, f.reason, v.meaning, count(*) AS failing, min(f.url) AS example
FROM news.failures AS f
JOIN news.values AS v ON v.column_name = 'reason' AND v.value = f.reason
GROUP BY f.kind, f.reason, v.meaning
ORDER BY failing DESC, f.kind, f.reason;
