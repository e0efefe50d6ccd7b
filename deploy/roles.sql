-- The two roles that the project uses, in the database it is run in. Safe to run again.
--
--     psql -d ciforum -f deploy/roles.sql        (as a superuser, before the first migration)
--
-- ciforum_owner owns the tables: migrations, the tests, full import.
-- ciforum_web   reads and writes rows. It may not change tables, nor TRUNCATE: tables that only
--               grow refuse UPDATE and DELETE by trigger, and TRUNCATE would walk round it.
-- Passwords are set elsewhere (deploy/database.sh); on a socket of one's own none is needed.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ciforum_owner') THEN
        CREATE ROLE ciforum_owner LOGIN CREATEDB;  -- CREATEDB for test databases
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ciforum_web') THEN
        CREATE ROLE ciforum_web LOGIN;
    END IF;
    EXECUTE format('ALTER DATABASE %I OWNER TO ciforum_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    -- TEMPORARY: an import sorts its rows in a table that only its own connection sees.
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO ciforum_web', current_database());
END
$$;

ALTER SCHEMA public OWNER TO ciforum_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ciforum_web;

ALTER DEFAULT PRIVILEGES FOR ROLE ciforum_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ciforum_web;
ALTER DEFAULT PRIVILEGES FOR ROLE ciforum_owner IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO ciforum_web;
