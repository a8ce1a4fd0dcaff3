-- The views of schema news with their comments, for their description.
SELECT c.relname::text AS name, obj_description(c.oid, 'pg_class') AS meaning
FROM pg_class AS c
WHERE c.relnamespace = to_regnamespace('news') AND c.relkind = 'v'
ORDER BY c.relname;
