#!/bin/sh
# First start of the database container: the roles, with the passwords of its own environment file.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set=owner_password="$OWNER_PASSWORD" --set=portal_password="$PORTAL_PASSWORD" \
    --set=worker_password="$WORKER_PASSWORD" --set=backup_password="$BACKUP_PASSWORD" \
    --file /msa/roles.sql
