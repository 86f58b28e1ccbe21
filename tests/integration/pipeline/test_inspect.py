"""docs/inspect.md: each command of kcat shows on a real broker what it says; those of rpk have flags that rpk has."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from aiokafka import AIOKafkaProducer

from schemas import headers
from schemas.events import Event, derive_id
from schemas.wire import Codec
from tests.integration.pipeline.conftest import Bare
from tests.support.patience import PATIENCE_S

ROOT: Final = Path(__file__).parents[3]
BLOCKS: Final = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "inspect.md").read_text("utf-8"), re.DOTALL)
COMMANDS: Final = [line for block in BLOCKS for line in block.splitlines() if line.startswith(("kcat ", "rpk "))]
KCAT: Final = [line for line in COMMANDS if line.startswith("kcat ")]
PLAN: Final = "0191f3a0-5c3e-7bb4-a2f3-6b1de5a0c9d1"
#: What rpk's own reference documents, of what is used here.
RPK: Final = {
    ("topic", "list"): {"--detailed", "--internal", "--regex"},
    ("topic", "describe"): {"--print-all", "--print-configs", "--print-partitions", "--print-summary"},
    ("topic", "consume"): {
        *("--offset", "--num", "--meta-only", "--partitions", "--format", "--group", "--use-schema-registry"),
        "--pretty-print",
    },
    ("group", "list"): set[str](),
    ("group", "describe"): {"--print-lag-per-topic", "--print-summary", "--print-commits", "--regex"},
    ("registry", "subject", "list"): {"--deleted"},
    ("registry", "schema", "get"): {"--schema-version", "--id", "--schema", "--deleted", "--print-schema"},
}


@cache
def kcat() -> Path:
    """Return where kcat is; the first time on a machine it is fetched."""
    return Path(subprocess.run([ROOT / ".ci" / "kcat"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip())


@pytest.fixture(scope="module")
async def place(bare: Bare, codec: Codec) -> dict[str, str]:
    """Put events of a plan and a dead letter into the log; return the environment of the document's lines."""
    producer = AIOKafkaProducer(bootstrap_servers=bare.env["MARKETPLACE_BROKERS"])
    await producer.start()
    at = None
    for version, reason in enumerate(("no", "good"), start=1):
        data = {"plan_id": PLAN, "reason": reason}
        event = Event(
            "plan.rejected", derive_id("inspect", "x", version), f"plan-{PLAN}", version, 1, "r", PLAN, "ana", data
        )
        carried = headers.for_event(event, None)
        value = codec.encode("plan.events", event)
        at = await producer.send_and_wait("plan.events", value, key=PLAN.encode(), headers=carried)
    for topic in ("agents.dlq", "projections.dlq"):
        said = [(headers.ORIG_TOPIC, b"plan.events"), (headers.ERROR_CODE, b"bad-magic")]
        await producer.send_and_wait(topic, b"\0poison", key=PLAN.encode(), headers=said)
    await producer.stop()
    assert at is not None
    return {
        **os.environ,
        "BROKER": bare.env["MARKETPLACE_BROKERS"],
        "REGISTRY": bare.env["MARKETPLACE_REGISTRY_URL"],
        "PLAN": PLAN,
        "PARTITION": str(at.partition),
        "OFFSET": str(at.offset),
        "PYTHONPATH": str(ROOT),
    }


def run(line: str, place: dict[str, str], folder: Path) -> str:
    """Run a line as a shell does, with the programs of this machine."""
    line = line.replace("kcat ", f"{shlex.quote(str(kcat()))} ", 1).replace("| python ", f"| {sys.executable} ")
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], env=place, cwd=folder, capture_output=True, text=True,
        timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (line, done.stderr)
    return done.stdout


#: What each line has to show, by a part of the line that no other has.
SHOWS: Final = {
    "# every topic": 'topic "agents.retry.30s" with',
    "kcat -L -J": '"topic":"plan.events"',
    "-t plan.events  #": 'topic "plan.events" with 12 partitions',
    "kcat -Q": "plan.events [0] offset",
    "-o -5": f"{PLAN} ce_specversion=1.0,content-type=application/avro,ce_id=",
    "tail -5": "ce_type=plan.rejected",
    "%S bytes": "ce_sequence=2",
    "decode.py": '"reason": "good"',
    "-t agents.dlq": "x-error-code=bad-magic",
    "-t projections.dlq": "x-orig-topic=plan.events",
}
#: It waits for an event that is still to come.
WAITS: Final = "-o end -c 1"


@pytest.mark.parametrize("line", [line for line in KCAT if WAITS not in line])
async def test_each_command_of_kcat_shows_what_is_said_of_it(line: str, place: dict[str, str], tmp_path: Path) -> None:
    (script,) = [block for block in BLOCKS if block.startswith("cat >decode.py")]
    subprocess.run(["bash", "-c", script], cwd=tmp_path, check=True)
    (shown,) = [text for part, text in SHOWS.items() if part in line]
    assert shown in run(line, place, tmp_path)


async def test_the_next_event_is_waited_for(place: dict[str, str]) -> None:
    (line,) = [line for line in KCAT if WAITS in line]
    command = line.replace("kcat ", f"{shlex.quote(str(kcat()))} ", 1)
    waiting = await asyncio.create_subprocess_exec("bash", "-c", command, env=place, stdout=subprocess.PIPE)
    producer = AIOKafkaProducer(bootstrap_servers=place["BROKER"])
    await producer.start()
    try:
        async with asyncio.timeout(PATIENCE_S):
            while waiting.returncode is None:  # it may not look at this partition yet
                await producer.send_and_wait("plan.events", b"later", key=PLAN.encode(), headers=[("ce_type", b"x")])
                await asyncio.sleep(0.05)
            assert waiting.stdout is not None
            assert f"{PLAN} ce_type=x" in (await waiting.stdout.read()).decode()
    finally:
        await producer.stop()
        if waiting.returncode is None:
            waiting.kill()


def test_every_command_of_kcat_has_something_that_it_shows() -> None:
    assert len(KCAT) == len(SHOWS) + 1
    assert json.dumps(sorted(KCAT)) == json.dumps(sorted(set(KCAT)))


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("rpk ")])
def test_each_command_of_rpk_has_flags_that_it_documents(line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    command = next((known for known in RPK if tuple(words[: len(known)]) == known), None)
    assert command is not None, line
    flags = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert flags <= RPK[command], line
