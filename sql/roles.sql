-- Three roles without login: grant them to people and services. What later migrations make is
-- covered by default privileges; running this twice changes nothing. A superuser can do all of it;
-- who owns the database and may make roles can do nearly all, and the rest is a warning each.
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['broadsheet_owner', 'broadsheet_writer', 'broadsheet_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
    END IF;
  END LOOP;
  -- Who gives what he owns to a role must be in it.
  IF NOT pg_has_role('broadsheet_owner', 'USAGE') THEN
    EXECUTE format('GRANT broadsheet_owner TO %I', current_user);
  END IF;
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT, CREATE ON DATABASE %I TO broadsheet_owner', current_database());
  EXECUTE format(
    'GRANT CONNECT ON DATABASE %I TO broadsheet_writer, broadsheet_reader', current_database());
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA ingest, news FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO broadsheet_owner;

-- Anybody may make large objects otherwise, and fill the disk with them. Only their owner, who made
-- the server, or a superuser can take that back.
DO $$
DECLARE
  function record;
  is_open boolean := false;
BEGIN
  FOR function IN
    SELECT oid::regprocedure AS name, pg_has_role(proowner, 'USAGE') AS is_ours
    FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
      AND (proname LIKE 'lo\_%' OR proname IN ('loread', 'lowrite'))
      AND has_function_privilege('public', oid, 'EXECUTE')
  LOOP
    IF function.is_ours THEN
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', function.name);
    ELSE
      is_open := true;
    END IF;
  END LOOP;
  IF is_open THEN
    RAISE WARNING 'anybody who may connect can still make large objects and fill the disk with them: '
      'a superuser ends that by running ''broadsheet db roles'' once on this database';
  END IF;
END $$;

-- The owner migrates: everything is its own, whoever made it.
DO $$
DECLARE
  command text;
BEGIN
  FOR command IN
    SELECT format('ALTER SCHEMA %I OWNER TO broadsheet_owner', nspname)
    FROM pg_namespace WHERE nspname IN ('ingest', 'news')
    UNION ALL
    SELECT format(
      'ALTER %s %s OWNER TO broadsheet_owner',
      CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, oid::regclass)
    FROM pg_class
    WHERE relkind IN ('r', 'p', 'v')
      AND (
        relnamespace IN ('ingest'::regnamespace, 'news'::regnamespace)
        OR oid = 'public.broadsheet_migrations'::regclass
      )
    UNION ALL
    SELECT format('ALTER FUNCTION %s OWNER TO broadsheet_owner', oid::regprocedure)
    FROM pg_proc WHERE pronamespace IN ('ingest'::regnamespace, 'news'::regnamespace)
  LOOP
    EXECUTE command;
  END LOOP;
END $$;
GRANT ALL ON SCHEMA ingest, news TO broadsheet_owner;
GRANT ALL ON ALL TABLES IN SCHEMA ingest, news TO broadsheet_owner;
GRANT ALL ON ALL SEQUENCES IN SCHEMA ingest TO broadsheet_owner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ingest, news TO broadsheet_owner;
GRANT ALL ON public.broadsheet_migrations TO broadsheet_owner;

-- The writer runs the service: rows, never the schema; articles, entries and revisions stay.
GRANT USAGE ON SCHEMA ingest, news TO broadsheet_writer;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA ingest TO broadsheet_writer;
GRANT DELETE ON ingest.unpublished, ingest.stories, ingest.feeds, ingest.feed_state,
  ingest.feed_urls, ingest.feed_headers, ingest.fetches, ingest.polls, ingest.bodies, ingest.rejections
  TO broadsheet_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA news TO broadsheet_writer;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ingest, news TO broadsheet_writer;
GRANT SELECT ON public.broadsheet_migrations TO broadsheet_writer;

-- The reader sees schema news, and nothing else. The views are no security barriers: with them the
-- newest articles come from a sort of all (30 to 120 times slower among 20,000), because a condition
-- or an order no longer reaches the tables' indexes. What a reader gains by that: a cast that fails
-- may show, in its error, a headline or text that is about to be published. What was removed is erased.
GRANT USAGE ON SCHEMA news TO broadsheet_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA news TO broadsheet_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA news TO broadsheet_reader;

-- The same for what migrations make later: they run as the owner once it is one (see pipeline/storage/schema.py).
ALTER DEFAULT PRIVILEGES FOR ROLE broadsheet_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE broadsheet_owner IN SCHEMA ingest
  GRANT SELECT, INSERT, UPDATE ON TABLES TO broadsheet_writer;
ALTER DEFAULT PRIVILEGES FOR ROLE broadsheet_owner IN SCHEMA ingest
  GRANT EXECUTE ON FUNCTIONS TO broadsheet_writer;
ALTER DEFAULT PRIVILEGES FOR ROLE broadsheet_owner IN SCHEMA news
  GRANT SELECT ON TABLES TO broadsheet_writer, broadsheet_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE broadsheet_owner IN SCHEMA news
  GRANT EXECUTE ON FUNCTIONS TO broadsheet_writer, broadsheet_reader;
