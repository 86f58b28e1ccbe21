"""MARKETPLACE_LOG=json: each line that any process writes is an object, and a record's line leads to its request."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.stack import Stack
from tests.support.patience import PATIENCE_S

#: What the system itself is made of; the others are servers beside it.
PROCESSES = ("gateway", "worker", "runner", "projections", "pump", "watchdog", "alerts")
#: What is done again and again, whoever asked: each line of it has the name of the job.
JOBS = {"relay": "gateway", "watchdog": "watchdog", "alerts": "alerts"}
#: Long enough for every process to say that it misses them.
AWAY_S = 4.0
IDS = {"request_id", "plan_id", "trace_id"}
#: A round of a job is asked for by nobody; it has a plan only where it is about one.
OF_A_JOB = {"request_id", "trace_id"}
#: What Kafka's client leaves of a connection that was cut is told when its memory is cleaned up, in nobody's context.
OF_A_CLIENT = re.compile(
    r"Task exception was never retrieved\nfuture: <Task finished name='[^']*' coro=<GroupCoordinator\."
)
#: What a process says of its own start and end: it is within nothing yet, or any more.
OF_THE_PROCESS = {
    "analyst",
    "worker",
    "does not end by itself, ending at once: what is not acknowledged comes again",
    "the database does not answer a look",
    "nobody is told: no notifier is configured (SLACK_WEBHOOK_URL, SMTP_HOST, PAGERDUTY_KEY, ...)",
    "watching",
    (
        "no proxy is declared: if one stands in front of this gateway, all of its callers are counted as one address;"
        " name it in MARKETPLACE_TRUSTED_PROXIES"
    ),
}
PLANS = "/api/marketplace/analysis"
SALES = Path(__file__).parents[1] / "integration" / "traces_sales.csv"
TRACE = "a" * 32


@pytest.fixture
def stack(tmp_path: Path, key: str) -> Iterator[Stack]:
    env = {
        "MARKETPLACE_BOOTSTRAP_KEY": key,
        "MARKETPLACE_LOG": "json",
        "MARKETPLACE_FAULTS": "fail plan.uploaded times 1",
    }
    whole = Stack(tmp_path / "data", env=env)
    whole.start(timeout=PATIENCE_S)
    try:
        yield whole
    finally:
        whole.stop()


def lines(stack: Stack, name: str) -> list[str]:
    return (stack.data_dir / "logs" / f"{name}.log").read_text("utf-8").splitlines()


def parsed(stack: Stack, name: str) -> list[dict[str, Any]]:
    """Return the lines of a process. Each must be an object that names it."""
    found: list[dict[str, Any]] = []
    for line in lines(stack, name):
        said = json.loads(line)
        assert {"event", "level", "timestamp", "service", "pid"} <= set(said), line
        assert said["service"] == name, line
        found.append(said)
    return found


def missing_jobs(stack: Stack) -> set[str]:
    """Return the jobs that have not said yet what they miss."""
    return {job for job, name in JOBS.items() if not any(f'"job": "{job}"' in line for line in lines(stack, name))}


async def test_every_line_of_every_process_is_an_object(stack: Stack, key: str) -> None:
    asked = {"authorization": f"Bearer {key}", "x-request-id": "request-1", "traceparent": f"00-{TRACE}-{'1' * 16}-01"}
    async with httpx.AsyncClient(base_url=stack.env["MARKETPLACE_URL"], headers=asked, timeout=PATIENCE_S) as api:
        sent = await api.post(
            f"{PLANS}/upload",
            files={"file": (SALES.name, SALES.read_bytes(), "text/csv")},
            data={"channels": "shopee"},
        )
        assert sent.status_code == 202, sent.text
        plan = sent.json()["planId"]
        async with asyncio.timeout(PATIENCE_S):
            while (await api.get(f"{PLANS}/{plan}")).json().get("status") != "awaiting_approval":
                await asyncio.sleep(0.1)

    for name in ("broker", "postgres"):
        stack.kill(name, signal.SIGSTOP)
    await asyncio.sleep(AWAY_S)
    for name in ("broker", "postgres"):
        stack.kill(name, signal.SIGKILL)  # a stopped server answers nothing; a killed one cuts every connection
    async with asyncio.timeout(PATIENCE_S):  # nobody is silent while all is away
        while not all(lines(stack, name) for name in PROCESSES) or missing_jobs(stack):
            await asyncio.sleep(0.1)
    await asyncio.to_thread(stack.stop)

    said = {name: parsed(stack, name) for name in PROCESSES}
    without = {
        (name, line.get("logger", ""), line["event"])
        for name, lines in said.items()
        for line in lines
        if not line.keys() >= (OF_A_JOB if "job" in line else IDS)
    }
    own = {event for _, logger, event in without if not logger}
    assert own <= OF_THE_PROCESS
    assert {(name, event) for name, logger, event in without if logger and not OF_A_CLIENT.match(event)} == set()
    assert any(line.get("logger", "").startswith("aiokafka") for of_process in said.values() for line in of_process)
    (failed,) = [line for line in said["worker"] if line["event"] == "record failed"]
    assert (failed["request_id"], failed["plan_id"], failed["trace_id"]) == ("request-1", plan, TRACE)
