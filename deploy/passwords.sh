#!/bin/sh
# Makes the passwords of the database's owner, of each process in the database, and of Grafana. Nothing has a default.
# Done again it changes nothing; POSTGRES_PASSWORD and GRAFANA_PASSWORD are taken where somebody sets them.
set -eu
keys=${1:-/keys}

keep() { # file, mode, text: whole or not at all
  (umask 077 && printf '%s' "$3" >"$1.new")
  chmod "$2" "$1.new"
  mv "$1.new" "$1"
}

password() { # folder, mode, what somebody set
  [ -z "$3" ] && [ -s "$1/password" ] && return
  mkdir -p "$1"
  keep "$1/password" "$2" "${3:-$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n')}"
}

user() { # folder: its password as clients of Postgres read it, by this user alone
  keep "$1/passfile" 600 "*:*:*:*:$(sed 's/[\\:]/\\&/g' "$1/password")"
}

# those of the owner and of Grafana are read by other images, whose users are others: their volumes are mounted nowhere else
password "$keys/database/owner" 444 "${POSTGRES_PASSWORD:-}"
user "$keys/database/owner"
for process in gateway alerts worker runner pump watchdog projections; do
  password "$keys/database/$process" 600 ""
  user "$keys/database/$process"
done
password "$keys/grafana" 444 "${GRAFANA_PASSWORD:-}"
