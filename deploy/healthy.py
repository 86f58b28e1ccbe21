# noqa: INP001 - a script that runs in the containers, no package
"""Is this container's process at work? For health checks: `healthy.py group ROLE`, `healthy.py database ROLE`.

`group` asks the broker whether a member of the role's consumer group lives in this container, `database` asks Postgres
whether the program of that name lives here, and beats. So a process that hangs, or was thrown out, is not healthy just
because it has a pid. Both go by the container's name, which processes tell of themselves: the addresses that servers
see are others behind a proxy, or where addresses are translated. Exit status 0: at work; 1: not, with the reason on
standard error.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys

import asyncpg

from schemas.process import kafka, names_on_wire
from schemas.topics import group_of

#: Everything together; Docker's own timeout is longer.
WITHIN_S = 8.0
#: Processes beat every second. One that is frozen keeps its connections, and beats no more.
SILENT_S = 10.0


async def group(role: str) -> str | None:
    """Return why the role's group has no member here, None where it has one."""
    name = group_of(role)
    if name is None:
        return f"processes of the role {role} are in no group"
    names_on_wire.begin(os.environ)
    admin = kafka.admin(kafka.Brokers.from_env(os.environ), "healthy")
    await admin.start()
    try:
        answers = await admin.describe_consumer_groups([name])
    finally:
        await admin.close()
    members = [member for answer in answers for described in answer.groups for member in described[5]]
    clients = {str(member[1]) for member in members}
    if kafka.client_of(name) in clients:
        return None
    return f"no member of group {name} is {kafka.client_of(name)}; there is {', '.join(sorted(clients)) or 'none'}"


async def database(name: str) -> str | None:
    """Return why the program is not at work here, None where it is."""
    connection = await asyncpg.connect(os.environ["MARKETPLACE_DATABASE_URL"], timeout=5)
    try:
        silent_s = await connection.fetchval(
            "select min(silent_s) from flow.running where role = $1 and host = $2 and connected",
            name,
            socket.gethostname(),
        )
    finally:
        await connection.close()
    if silent_s is None:
        return f"no {name} of {socket.gethostname()} is connected to the database"
    if silent_s > SILENT_S:
        return f"{name} of {socket.gethostname()} does not beat: silent for {silent_s} s"
    return None


async def check(kind: str, name: str) -> str | None:
    """Return what is wrong, None where nothing is."""
    async with asyncio.timeout(WITHIN_S):
        return await (group(name) if kind == "group" else database(name))


def main() -> int:
    """Say whether it is healthy."""
    if len(sys.argv) != 3 or sys.argv[1] not in {"group", "database"}:
        print("usage: healthy.py group|database ROLE", file=sys.stderr)
        return 64
    try:
        problem = asyncio.run(check(sys.argv[1], sys.argv[2]))
    except Exception as error:  # whatever it is, nobody could see the process at work
        problem = f"{type(error).__name__}: {error}"
    if problem is not None:
        print(problem, file=sys.stderr)
    return 0 if problem is None else 1


if __name__ == "__main__":
    sys.exit(main())
