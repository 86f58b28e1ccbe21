"""Real servers for the tests that ask for them: started once per session, at the first test that needs one.

Two sessions may run at the same time: ports are random, and all data is in the session's own temporary folder. The
workers of one session take their ports from parts that do not meet: they start system after system side by side.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from local import probes
from local.broker import JVM_VARIABLE, Broker
from local.broker_config import Node
from local.child import Child
from local.ports import RANGE_VARIABLE, free_port
from local.postgres import Postgres
from local.server import Server
from local.service import Service
from projections.migrate import migrate
from tests.support import in_memory, module
from tests.support.databases import Databases
from tests.support.nursery import Nursery
from tests.support.patience import PATIENCE_S
from tests.support.ports import part
from tests.support.systems import Systems

if TYPE_CHECKING:
    from tests.support.otlp import Receiver
    from tests.support.receivers import HttpReceiver

# Tables of tests have some ten rows: a second thread costs more than it gives.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
# A broker of tests lives for minutes, in which Java's second compiler takes more time than it saves.
os.environ.setdefault(JVM_VARIABLE, "-XX:TieredStopAtLevel=1")
if "PYTEST_XDIST_WORKER" in os.environ:  # what it starts inherits it
    os.environ[RANGE_VARIABLE] = part(os.environ["PYTEST_XDIST_WORKER"], int(os.environ["PYTEST_XDIST_WORKER_COUNT"]))

# An example takes as long as a busy machine lets it; what may take how long is no matter of these tests.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

pytest_plugins = [
    "pytester",
    "tests.support.cheaper",
    "tests.support.formatted",
    "tests.support.longest_first",
    "tests.support.patient_clients",
    "tests.support.run_again",
    "tests.support.run_once",
    "tests.support.slow",
    "tests.support.told_at_once",
]

#: An idle broker takes what its own life takes. How seldom the session's tells its controller, in the same process,
#: that it lives: twice a second would be a third of it, and it may be as late as any other. How few threads look some
#: times a second whether there is work: with as many as a broker of a machine has it would be a fifth more.
SELDOM: Final = {
    "broker.heartbeat.interval.ms": 2000,
    "broker.session.timeout.ms": 6000,
    "num.network.threads": 1,
    "num.io.threads": 2,
    "background.threads": 1,
    "group.coordinator.threads": 1,
    "share.coordinator.threads": 1,
}
NewDatabase = Callable[[], Awaitable[str]]


@pytest.fixture(scope="session", autouse=True)
def nursery() -> Iterator[Nursery]:
    """What processes of the system begin in that are started by `local.child`. Nothing runs until the first does."""
    made = Nursery()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Child, "start", made.start)
        patched.setattr(module, "begins_in", made)
        # servers of a busy machine begin late; one that ends is told of at once
        patched.setattr(Server.wait_ready, "__defaults__", (PATIENCE_S,))
        yield made
    made.stop()


@pytest.fixture(scope="session")
def servers_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the session's servers have their data: in memory, where there is room for it. Their logs are on disk."""
    with in_memory.folder(tmp_path_factory.mktemp("servers")) as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres(servers_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """One PostgreSQL server for the session; without fsync, since no test of it cuts the power."""
    log = tmp_path_factory.mktemp("postgres") / "postgres.log"
    with Postgres(servers_folder / "postgres", log=log, durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    """The URL of the server's own database. Tests that write use `database_url`, `new_migrated` or `new_database`."""
    return postgres.url


@pytest.fixture(scope="session")
async def databases(postgres: Postgres, servers_folder: Path) -> AsyncIterator[Databases]:
    """What makes the session's databases. A file's own are there until another file asks for one."""
    async with Databases(postgres.url, dropped=in_memory.MEMORY in servers_folder.parents) as made:
        yield made


@pytest.fixture(scope="session")
def new_database(databases: Databases) -> NewDatabase:
    """`await new_database()` makes another empty database and returns its URL."""
    return databases.create


@pytest.fixture(scope="session")
async def new_migrated(databases: Databases) -> NewDatabase:
    """`await new_migrated()` makes another migrated database: migrated once a session, copied from then on."""
    template = await databases.create(kept=True)
    await migrate(template)
    return partial(databases.create, template.rpartition("/")[2])


@pytest.fixture(scope="module")
async def database_url(new_migrated: NewDatabase) -> str:
    """The URL of a migrated database for this test module."""
    return await new_migrated()


@pytest.fixture(scope="module")
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections to the module's migrated database."""
    async with asyncpg.create_pool(database_url, min_size=0, max_size=8) as made:
        yield made


@pytest.fixture(scope="session")
def broker(servers_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One broker for the session (`broker.bootstrap`). Use `topic_prefix`, or unique names of your own."""
    log = tmp_path_factory.mktemp("broker") / "broker.log"
    port = free_port()
    controller = free_port(but=[port])
    node = Node(id=1, port=port, controller_port=controller, quorum={1: controller}, more=SELDOM)
    with Broker(servers_folder / "broker", node=node, log=log) as server:
        yield server


@pytest.fixture(scope="session")
async def registry_url(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """One schema registry for the session, on a database of its own. Subjects contain the topic's name."""
    url = f"http://127.0.0.1:{free_port()}"
    with Service(
        "registry",
        "local.registry",
        env={"MARKETPLACE_REGISTRY_URL": url, "MARKETPLACE_DATABASE_URL": await databases.create(kept=True)},
        log=tmp_path_factory.mktemp("registry") / "registry.log",
        probe=lambda: probes.http_answers(f"{url}/status/ready"),
    ):
        yield url


@pytest.fixture(scope="session")
def systems(broker: Broker, registry_url: str, new_migrated: NewDatabase) -> Systems:
    """`async with systems.system(tmp_path, env) as stack:` runs a whole system on the session's servers."""
    return Systems(broker.bootstrap, registry_url, new_migrated)


@pytest.fixture
def topic_prefix() -> str:
    """A prefix for topics and consumer groups that no other test uses."""
    return f"t{uuid.uuid4().hex[:8]}."


@pytest.fixture(scope="module")
def collected() -> Iterator[Receiver]:
    """Who is sent traces by the processes of a module's tests."""
    from tests.support.otlp import receiver  # most tests need none of what it imports

    with receiver() as receiving:
        yield receiving


@pytest.fixture
def hook() -> Iterator[HttpReceiver]:
    """Who is told at webhooks, of alerts and of events."""
    from tests.support.receivers import http_receiver  # as above

    with http_receiver() as made:
        yield made
