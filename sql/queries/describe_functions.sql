-- The functions of schema news.
SELECT p.proname::text AS name, pg_get_function_arguments(p.oid) AS arguments,
  pg_get_function_result(p.oid) AS result, obj_description(p.oid, 'pg_proc') AS meaning
FROM pg_proc AS p
WHERE p.pronamespace = to_regnamespace('news')
ORDER BY p.proname;
