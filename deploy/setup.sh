#!/bin/sh
# Prepares the database with a user for each process, the topics and the schemas, and makes the first keys: of people, and of the producers of events.
# Done again it changes nothing.
set -eu
keys=${1:-/keys}

for of in signing secrets; do # of the producers of events; of what encrypts secrets in the database
  [ -s "$keys/$of/keys" ] && continue
  mkdir -p "$keys/$of"
  (umask 077 && python -c 'import secrets; print("first", secrets.token_hex(32))' >"$keys/$of/keys.new")
  mv "$keys/$of/keys.new" "$keys/$of/keys"
done
export MARKETPLACE_SIGNING_KEYS_FILE="$keys/signing/keys"

python -m projections.migrate
python -m projections.migrate --grants --apply "$keys/database"
python -m streams.provision apply

key() { # file, mode, name, role
  [ -s "$1" ] && return
  made=$(python -m gateway.access.keys create --name "$3" --role "$4")
  (umask 077 && printf '%s' "$made" >"$1.new")
  chmod "$2" "$1.new"
  mv "$1.new" "$1" # whole or not at all
}
key "$keys/admin/key" 600 administrator admin
key "$keys/metrics/key" 644 prometheus viewer
echo "ready. The administrator's key: docker compose run --rm setup cat /keys/admin/key"
