#!/bin/sh
# Run once by the official PostgreSQL image when its volume is empty: roles and their passwords.
set -eu

psql() { command psql --set ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" "$@"; }

psql -f /roles.sql
# Read from standard input: only there does psql put a variable's value in, quoted.
psql --set owner="$OWNER_PASSWORD" --set web="$WEB_PASSWORD" <<'SQL'
ALTER ROLE ciforum_owner PASSWORD :'owner';
ALTER ROLE ciforum_web PASSWORD :'web';
SQL
