#!/bin/sh
# Run once by the postgres image, when the database is made: the portal signs in as a role that owns its own database and
# schema and nothing else. The superuser `postgres` is for administrators.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres --set=password="$PORTAL_PASSWORD" <<'SQL'
CREATE ROLE portal LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE portal OWNER portal;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
\connect portal
ALTER SCHEMA public OWNER TO portal;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SQL
