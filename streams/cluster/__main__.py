"""`python -m streams.cluster [--json] [PROCESS...]`: does it fit? Exit status 0 yes, 1 something does not, 3 away.

Processes are those whose rights this user has to have: all of them without any.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import sys
import urllib.parse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from schemas.process import start
from schemas.process.kafka import BROKER_AWAY
from schemas.process.named import named
from schemas.process.settings import SettingsError, topic_prefix
from schemas.rights import PROCESSES
from schemas.topics import defaults
from streams.cluster import judge, judge_topics
from streams.cluster.ask_broker import ask_broker
from streams.cluster.ask_others import ask_database, ask_registry
from streams.cluster.check import Check, Fit
from streams.cluster.facts import Asked, DatabaseFacts
from streams.settings import Settings

JSON: Final = "--json"
AWAY: Final = 3
#: Characters of the column with the verdict, and of that with the id.
WIDE: Final = len(Fit.NOT), 24


@dataclass(frozen=True, slots=True)
class Given:
    """`asked`: what the servers are held to."""

    settings: Settings
    asked: Asked

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Given:
        """Read and check, the processes of the command line too. Raises SettingsError."""
        settings = Settings.from_env(env)
        processes = tuple(word for word in sys.argv[1:] if word != JSON)
        strangers = [name for name in processes if name not in PROCESSES]
        if strangers:
            raise SettingsError(f"no process is called {strangers[0]}: give some of {', '.join(PROCESSES)}")
        login = settings.brokers.login
        hosts = [host.strip().rpartition(":")[0] for host in settings.brokers.servers.split(",")]
        registry = urllib.parse.urlsplit(settings.registry_url)
        database = urllib.parse.urlsplit(settings.database_url)
        near = all(map(_near, [*hosts, registry.hostname or "", database.hostname or "localhost"]))
        asked = Asked(
            replication=settings.replication or defaults()["replication"],
            min_insync=settings.min_insync or defaults()["min_insync_replicas"],
            says_min_insync=settings.min_insync is not None,
            session_s=settings.session_timeout_s,
            in_the_clear=not login.protocol.endswith("SSL"),
            nameless=not login.named,
            near=near,
            registry_in_the_clear=registry.scheme != "https",
            processes=processes or PROCESSES,
            prefix=topic_prefix(env),
        )
        return cls(settings, asked)


def _near(host: str) -> bool:
    """Return whether a host is this machine, by its name."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


async def check(given: Given) -> list[Check]:
    """Ask all servers, and judge. Raises KafkaError and OSError where no broker can be reached."""
    settings, asked = given.settings, given.asked
    broker = await ask_broker(settings.brokers)
    registry = await asyncio.to_thread(ask_registry, settings.registry_url)
    database = DatabaseFacts(away="MARKETPLACE_DATABASE_URL is not set")
    if settings.database_url:
        database = await ask_database(settings.database_url)
    return [
        *judge.cluster(broker, asked),
        *judge_topics.names(asked, database.log_prefix),
        *judge_topics.topics(broker, asked),
        *judge.rights(broker, asked),
        *judge.registry(registry, asked),
        *judge.database(database, asked),
        *judge.clocks(registry, database),
    ]


def lines(checks: Sequence[Check]) -> list[str]:
    """Return the table: verdict, id, what was seen, and below it what to do."""
    fit, id_ = WIDE
    found = []
    for one in checks:
        found.append(f"{one.fit:<{fit}}  {one.id:<{id_}}  {one.seen}")
        if one.todo:
            found.append(f"{'':<{fit}}  {'':<{id_}}  -> {one.todo}")
    counts = Counter(one.fit for one in checks)
    found.append("; ".join(f"{counts[fit]} {fit}" for fit in Fit if counts[fit]))
    return found


async def _run(given: Given) -> int:
    try:
        checks = await check(given)
    except BROKER_AWAY as error:
        why = f"no broker can be reached: {named(error)}"
        print(json.dumps({"ok": False, "error": why}) if JSON in sys.argv else f"{why}. Nothing was checked.")
        return AWAY
    ok = all(one.fit is not Fit.NOT for one in checks)
    if JSON in sys.argv:
        print(json.dumps({"ok": ok, "checks": [asdict(one) for one in checks]}, indent=2))
    else:
        print("\n".join(lines(checks)))
    return start.DONE if ok else start.FAILED


def main() -> int:
    """Check, print, return the exit status."""
    return start.run_command("cluster", Given.from_env, _run)


if __name__ == "__main__":
    sys.exit(main())
