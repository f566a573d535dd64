#!/bin/sh
# Runs once, when the database is made: the owner of the tables, who migrates, and the application,
# which may neither change tables nor rewrite the audit.
set -eu

psql -v ON_ERROR_STOP=1 -v owner_password="$TESSERA_OWNER_PASSWORD" \
    -v app_password="$TESSERA_APP_PASSWORD" -U "$POSTGRES_USER" -d postgres <<'SQL'
CREATE ROLE tessera_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE tessera_app LOGIN PASSWORD :'app_password';
CREATE DATABASE tessera OWNER tessera_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE CONNECT, TEMPORARY ON DATABASE tessera FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE tessera TO tessera_app;
\connect tessera
CREATE EXTENSION postgis;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
CREATE EXTENSION citext;
CREATE EXTENSION unaccent;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE tessera_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tessera_app;
ALTER DEFAULT PRIVILEGES FOR ROLE tessera_owner GRANT USAGE, SELECT ON SEQUENCES TO tessera_app;
SQL
