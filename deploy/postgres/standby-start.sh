#!/bin/bash
# The standby copies the primary the first time, then follows it. Promote it: pg_ctl promote, as postgres.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  install -d -m 700 -o postgres -g postgres "$PGDATA"
  until PGPASSWORD="$REPLICATION_PASSWORD" gosu postgres pg_basebackup --pgdata "$PGDATA" --host "$PRIMARY_HOST" \
    --username replicator --write-recovery-conf --wal-method stream --checkpoint fast --slot standby; do
    echo "the primary does not answer yet" >&2
    sleep 3
  done
fi
exec docker-entrypoint.sh postgres -c hot_standby=on
