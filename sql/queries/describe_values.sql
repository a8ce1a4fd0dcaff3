-- Every closed list, in a fixed order.
SELECT column_name AS list, value, meaning
FROM news.values
ORDER BY column_name COLLATE "C", value COLLATE "C";
