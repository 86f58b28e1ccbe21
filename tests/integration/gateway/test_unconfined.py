"""What a machine does not grant to confine the reading of documents is in the health report of a real gateway."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import httpx
import pytest

from gateway.access.key_text import new_key
from gateway.intake.confine import NAMESPACES
from gateway.intake.syscalls import SECCOMP
from gateway.verdict.kinds import Kind
from local.ports import free_port
from tests.support.module import ROOT, run
from tests.support.patience import PATIENCE_S

WITHOUT = "tests.support.without_namespaces"


@pytest.mark.parametrize("by", [(), (WITHOUT,)], ids=["as this machine is", "where no namespaces are made"])
async def test_what_is_missing_is_told(by: tuple[str, ...], database_url: str) -> None:
    (_, key), port = new_key(), free_port()
    module, *rest = (*by, "gateway.intake.confine")
    missing = run(module, *rest).stdout.replace(",", ", ")
    assert (NAMESPACES in missing) or not by
    assert SECCOMP not in missing
    env = {
        **os.environ,
        "MARKETPLACE_DATABASE_URL": database_url,
        "MARKETPLACE_PORT": str(port),
        "MARKETPLACE_BOOTSTRAP_KEY": key,
    }
    process = subprocess.Popen([sys.executable, "-m", *by, "gateway"], env=env, cwd=ROOT, stderr=subprocess.DEVNULL)
    headers = {"authorization": f"Bearer {key}"}
    try:
        async with (
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=PATIENCE_S) as client,
            asyncio.timeout(PATIENCE_S),
        ):
            while True:
                assert process.poll() is None
                told = await told_of(client)
                if told == missing:
                    break
                assert told in (None, ""), "it is told as it was found"
                await asyncio.sleep(0.2)
    finally:
        process.kill()
        process.wait()


async def told_of(client: httpx.AsyncClient) -> str | None:
    """Return what the health report calls missing, None while there is none."""
    try:
        answer = await client.get("/api/system/health")
    except httpx.TransportError:
        return None
    if answer.status_code != 200:
        return None
    found = [one["values"]["missing"] for one in answer.json()["verdict"] if one["kind"] == Kind.READER_UNCONFINED]
    return str(found[0]) if found else ""
