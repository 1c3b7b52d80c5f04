-- The PostgreSQL side of a Linli installation: two roles, one database. Version 15 or newer.
-- Run it as the administrator of the server; a second run changes nothing:
--
--   LINLI_OWNER_PASSWORD=… psql -X -d postgres -f roles.sql
--
-- Names and bounds may be given with -v: owner, application, database, connections.
--   owner        signs in, owns the database and its tables; can make neither roles nor databases
--   application  cannot sign in and owns nothing: linli works as it, so row security binds it
-- The password comes from the environment, never from the command line, where others would see it.
-- Without it the role is made without one; set it then with:  \password linli_owner
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET log_statement = 'none';

\if :{?owner}
\else
  \set owner linli_owner
\endif
\if :{?application}
\else
  \set application linli_app
\endif
\if :{?database}
\else
  \set database linli
\endif
-- Two threads of each of 4 web processes, the worker, a backup, migrations, and room for as many.
\if :{?connections}
\else
  \set connections 24
\endif
\set owner_password ''
\getenv owner_password LINLI_OWNER_PASSWORD

SELECT current_setting('server_version_num')::int < 150000 AS is_too_old,
       current_setting('server_version_num')::int >= 160000 AS grants_in_parts,
       current_setting('server_version_num')::int >= 170000 AS has_builtin_locale \gset
\if :is_too_old
  \warn 'PostgreSQL 15 or newer is needed; nothing was changed.'
  DO $$ BEGIN RAISE EXCEPTION 'PostgreSQL 15 or newer is needed'; END $$;
\endif

-- Roles. What is there already keeps its password.
SELECT format('CREATE ROLE %I LOGIN', :'owner')
       || CASE WHEN :'owner_password' = '' THEN ''
               ELSE format(' PASSWORD %L', :'owner_password') END
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
SELECT format('CREATE ROLE %I NOLOGIN', :'application')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'application') \gexec
ALTER ROLE :"owner" WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  CONNECTION LIMIT :connections;
ALTER ROLE :"application" WITH NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- The owner may act as the application; since version 16 that is a right of its own.
\if :grants_in_parts
  SELECT format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', :'application', :'owner')
   WHERE NOT EXISTS (
     SELECT FROM pg_auth_members
      WHERE roleid = (SELECT oid FROM pg_roles WHERE rolname = :'application')
        AND member = (SELECT oid FROM pg_roles WHERE rolname = :'owner')
        AND set_option AND NOT inherit_option) \gexec
\else
  SELECT format('GRANT %I TO %I', :'application', :'owner')
   WHERE NOT EXISTS (
     SELECT FROM pg_auth_members
      WHERE roleid = (SELECT oid FROM pg_roles WHERE rolname = :'application')
        AND member = (SELECT oid FROM pg_roles WHERE rolname = :'owner')) \gexec
\endif

-- The database: UTF-8, compared byte by byte, so that an update of the system reorders no index.
\if :has_builtin_locale
  SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8'''
                ' LOCALE_PROVIDER builtin BUILTIN_LOCALE ''C.UTF-8'' LOCALE ''C''',
                :'database', :'owner')
   WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
\else
  SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8'''
                ' LOCALE ''C.UTF-8''', :'database', :'owner')
   WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
\endif
ALTER DATABASE :"database" OWNER TO :"owner";
-- Nobody else of the server comes in.
REVOKE CONNECT, TEMPORARY ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO :"owner";

-- Bounds that hold whatever the program does. A long migration or backup consists of short
-- statements; a table that somebody holds is refused in words instead of holding up everybody.
ALTER ROLE :"owner" IN DATABASE :"database" SET statement_timeout = '15min';
ALTER ROLE :"owner" IN DATABASE :"database" SET lock_timeout = '30s';
ALTER ROLE :"owner" IN DATABASE :"database" SET idle_in_transaction_session_timeout = '15min';
-- A query whose asker was killed ends.
ALTER ROLE :"owner" IN DATABASE :"database" SET client_connection_check_interval = '10s';

-- Version 15 took the right to make tables away from everybody: the owner gets it, nobody else.
\connect :"database"
SET client_min_messages = warning;
SELECT format('ALTER SCHEMA public OWNER TO %I', :'owner')
 WHERE NOT EXISTS (
   SELECT FROM pg_namespace WHERE nspname = 'public' AND pg_get_userbyid(nspowner) = :'owner') \gexec
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"application";

\echo 'Ready. DATABASE_URL=postgresql://':owner'@HOST/':database'  LINLI_DATABASE_ROLE=':application
