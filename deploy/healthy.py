# noqa: INP001 - a script that runs in the containers, no package
"""Is this container's process at work? For health checks: `healthy.py group|database|sign ROLE`, `http PATH`.

`group` asks the broker whether a member of the role's consumer group lives in this container, `database` asks Postgres
whether the program of that name lives here, with a heartbeat, `http` asks the process at a path. `sign` asks nobody: it
looks at the file that the process touches (schemas/process/sign_of_life.py), so that an outage elsewhere is no reason
to kill. So a process that hangs, or was thrown out, is not healthy just because it has a pid. They go by the
container's name, which processes tell of themselves: the addresses that servers see are others behind a proxy, or where
addresses are translated.

Docker starts again what has ended, and leaves alone what is unhealthy. So where the container has an init
(`init: true`), every question ends a process that gives no sign of life. Kubernetes kills by itself, where `sign` says
so. Exit status 0: at work; 1: not, with the reason on standard error.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import asyncpg

from schemas.process import kafka, names_on_wire, sign_of_life
from schemas.process.liveness import born
from schemas.topics import group_of

#: Everything together; Docker's own timeout is longer.
WITHIN_S = 8.0
#: Processes write a heartbeat every second. One that is frozen keeps its connections, and writes none.
SILENT_S = 10.0
#: Between two looks at a sign that is too old: a machine that slept gives every process the time to touch its file.
AGAIN_S = 3.0
INITS = {"docker-init", "tini", "catatonit"}


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
        return f"{name} of {socket.gethostname()} has no heartbeat: silent for {silent_s} s"
    return None


def http(path: str) -> str | None:
    """Return why the process does not serve at this path, None where it does."""
    url = f"http://127.0.0.1:{os.environ.get('MARKETPLACE_PORT') or 8080}{path}"
    with urllib.request.urlopen(url, timeout=4) as answer:
        return None if answer.status == 200 else f"{path} answers {answer.status}"


def sign() -> str | None:
    """Return why the process seems to stand still, None where it goes on, or nobody has said where its file is."""
    path = os.environ.get(sign_of_life.FILE)
    if not path:
        return None
    file, before = Path(path), None
    for _ in range(2):
        given_at = _given_at(file)
        silent_s = time.time() - given_at
        if 0 <= silent_s <= sign_of_life.SILENT_S or before not in {None, given_at}:
            return None
        if silent_s < 0 and _count_from_now(file):
            return None
        before = given_at
        time.sleep(AGAIN_S)
    return f"no sign of life for {silent_s if silent_s > 0 else AGAIN_S:.0f} s"


def _given_at(file: Path) -> float:
    """Return when the sign was given; where there is none, or an earlier container's, when the process began."""
    try:
        given_at = file.stat().st_mtime
    except OSError:
        given_at = 0.0
    return max(given_at, min(born(1), time.time()))


def _count_from_now(file: Path) -> bool:
    """Set the time of a sign that is of later than now, as after a clock that went back; return whether it is done.

    Who stands still would count as alive until the clock is there again. Who goes on touches it soon.
    """
    try:
        os.utime(file)
    except OSError:  # somebody else's: then it has to move while it is looked at
        return False
    return True


def end_by_init(role: str) -> None:
    """Kill the process that the container's init has started, where it has one: Docker then starts both again."""
    if Path("/proc/1/comm").read_text(encoding="utf-8").strip() not in INITS:
        return
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            parent = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1]
            command = (folder / "cmdline").read_text("utf-8", "replace").split("\0")
            if parent == "1" and command[1:2] == ["-m"] and command[2].rpartition(".")[2] == role:
                os.kill(int(folder.name), signal.SIGKILL)


async def check(kind: str, name: str) -> str | None:
    """Return what is wrong, None where nothing is."""
    if (problem := sign()) is not None:
        end_by_init("gateway" if kind == "http" else name)
        return problem
    if kind in {"sign", "http"}:
        return http(name) if kind == "http" else None
    async with asyncio.timeout(WITHIN_S):
        return await (group(name) if kind == "group" else database(name))


def main() -> int:
    """Say whether it is healthy."""
    if len(sys.argv) != 3 or sys.argv[1] not in {"group", "database", "sign", "http"}:
        print("usage: healthy.py group|database|sign ROLE, or healthy.py http PATH", file=sys.stderr)
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
