"""`python -m gateway.access.keys`: make, list and revoke keys where no gateway runs, or where no key is left."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from gateway.access.api_keys import ApiKeys
from gateway.access.key_changes import NameTaken, expiry
from gateway.access.last_admin import LastAdmin
from gateway.access.roles import Role
from schemas.process import logs, start
from schemas.process.database import pool as pool_of
from schemas.process.database_away import DATABASE_FAILS


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m gateway.access.keys", description="API keys of the gateway.")
    parser.add_argument("--database", default=os.environ.get("MARKETPLACE_DATABASE_URL"), help="URL of the database")
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="make a key and print it, once")
    create.add_argument("--name", required=True, help="who uses it; shown in lists and in the history of plans")
    create.add_argument("--role", required=True, choices=[r.value for r in Role])
    create.add_argument("--days", type=float, help="it ends by itself after so many days")
    commands.add_parser("list", help="list the keys")
    revoke = commands.add_parser("revoke", help="end a key; it stops working within 10 seconds")
    revoke.add_argument("key_id")
    asked = parser.parse_args(argv)
    if not asked.database:
        parser.error("no database: set MARKETPLACE_DATABASE_URL or give --database")
    return start.run_command("keys", lambda _: asked, _run)


async def _run(asked: argparse.Namespace) -> int:
    try:
        return await _serve(asked)
    except DATABASE_FAILS as error:
        logs.tell(f"The database does not serve: {error}", failed=True)
        return start.FAILED


async def _serve(asked: argparse.Namespace) -> int:
    async with pool_of(asked.database, "keys", 1) as pool:
        keys = ApiKeys(pool)
        if asked.command == "create":
            try:
                made = await keys.create(asked.name, Role(asked.role), "command line", expiry(asked.days))
            except NameTaken:
                logs.tell(f"{asked.name} is a person's handle: take another name for the key.", failed=True)
                return start.FAILED
            print(made.key)
            logs.tell(f"Key {made.key_id} ({made.role}) is not shown again: keep it now.")
        elif asked.command == "list":
            for key in await keys.all():
                state = "revoked" if key.revoked_at else "ended" if key.over else "active"
                print(f"{key.key_id}  {key.role:8}  {state:7}  {key.created_at:%Y-%m-%d}  {key.name}")
        else:
            return await _revoke(keys, asked.key_id)
    return start.DONE


async def _revoke(keys: ApiKeys, key_id: str) -> int:
    try:
        if await keys.revoke(key_id, "command line"):
            return start.DONE
        why = f"There is no active key {key_id}."
    except LastAdmin:
        why = f"{key_id} is the last admin key that does not end by itself. Make another one first."
    logs.tell(why, failed=True)
    return start.FAILED


if __name__ == "__main__":
    sys.exit(main())
