"""The exit status of a rebuild tells a server that is away from read models that are different."""

from __future__ import annotations

import json
import subprocess
from collections.abc import AsyncIterator

import asyncpg
import pytest

from local.ports import free_port
from projections.rebuild import tables
from tests.integration.pipeline.conftest import Bare
from tests.support.module import run


def main(env: dict[str, str], *options: str, **instead: str) -> subprocess.CompletedProcess[str]:
    return run("projections.rebuild", *options, env={**env, "MARKETPLACE_REGISTRY_PATIENCE": "1", **instead})


@pytest.fixture
async def kept(bare: Bare) -> AsyncIterator[None]:
    """As if a swap had kept tables."""
    connection = await asyncpg.connect(bare.env["MARKETPLACE_DATABASE_URL"])
    await tables.create(connection, "rm", "rm_old")
    yield
    await tables.drop(connection, "rm_old")
    await connection.close()


SERVERS = ("MARKETPLACE_REGISTRY_URL", "MARKETPLACE_BROKERS", "MARKETPLACE_DATABASE_URL")


@pytest.mark.parametrize(
    ("server", "what"), [*((s, w) for s in SERVERS for w in ("--check", "--back")), (SERVERS[2], "--drop")]
)
def test_a_server_that_is_not_there_is_one_line_and_status_3(bare: Bare, kept: None, server: str, what: str) -> None:
    host = f"127.0.0.1:{free_port()}"
    value = {"MARKETPLACE_REGISTRY_URL": f"http://{host}", "MARKETPLACE_BROKERS": host}
    instead = {server: value.get(server, f"postgresql://anna:secret@{host}/marketplace")}

    done = main(bare.env, what, "--json", **instead)

    assert done.returncode == 3, done
    (line,) = done.stderr.splitlines()
    assert line.startswith("rebuild: a server is not there: ")
    assert line.endswith("The live read models are as they were.")
    assert "secret" not in line
    assert json.loads(done.stdout)["swapped"] is False


def test_what_is_refused_ends_with_1_and_what_needs_no_schema_asks_for_none(bare: Bare, kept: None) -> None:
    refused = main(bare.env, "--accept")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "rm_old from an earlier rebuild is still there" in refused.stderr

    dropped = main(bare.env, "--drop", MARKETPLACE_REGISTRY_URL=f"http://127.0.0.1:{free_port()}")
    assert (dropped.returncode, dropped.stdout) == (0, "dropped\n")
    gone = main(bare.env, "--back")
    assert gone.returncode == 1
    assert "there is no rm_old" in gone.stderr
