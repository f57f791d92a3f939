-- The roles of the portal, made once by a superuser before the first migration:
--   psql --set=owner_password=… --set=portal_password=… --set=worker_password=… --set=backup_password=… -f roles.sql
-- msa_owner migrates and imports the registry; msa_portal answers requests; msa_worker runs celery and the commands;
-- msa_backup reads everything and changes nothing.
CREATE ROLE msa_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE msa_portal LOGIN PASSWORD :'portal_password';
CREATE ROLE msa_worker LOGIN PASSWORD :'worker_password';
CREATE ROLE msa_backup LOGIN PASSWORD :'backup_password' IN ROLE pg_read_all_data;

CREATE DATABASE msa OWNER msa_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE msa FROM PUBLIC;
GRANT CONNECT ON DATABASE msa TO msa_portal, msa_worker, msa_backup;
\connect msa
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO msa_owner;
GRANT USAGE ON SCHEMA public TO msa_portal, msa_worker, msa_backup;

-- A page that waits is worse than a page that says sorry; no transaction of a page is long.
ALTER ROLE msa_portal SET statement_timeout = '10s';
ALTER ROLE msa_portal SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE msa_worker SET idle_in_transaction_session_timeout = '10min';
-- A migration that cannot have its lock gives up instead of queueing every reader behind it.
ALTER ROLE msa_owner SET lock_timeout = '5s';
