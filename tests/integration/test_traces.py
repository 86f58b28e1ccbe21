"""R17: a plan is one trace, from the request that uploads it through its approval and Phase 1 to the projected tasks.

Real processes send real spans to a real receiver: nothing here knows how they make them.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from local.stack import Stack
from schemas.process import telemetry as t
from schemas.process.version import build
from tests.integration.traced import (
    APPROVAL,
    SALES,
    TASK,
    UPLOAD,
    Journey,
    line_up,
    only,
    read,
    request_of,
    until_ready,
    upload,
)
from tests.support.otlp import Receiver, Span, children
from tests.support.patience import PATIENCE_S, eventually
from tests.support.systems import Systems

ROOT = Path(__file__).parents[2]
KEY = "mrs_traces_" + "k" * 43
REPLAY = "POST /api/dead-letters/replay"
#: The document whose plan stumbles four times.
STUMBLES = SALES.read_bytes() + b"\n"


@pytest.fixture(scope="module")
async def stack(
    systems: Systems, tmp_path_factory: pytest.TempPathFactory, collected: Receiver
) -> AsyncIterator[Stack]:
    env = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collected.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "MARKETPLACE_BOOTSTRAP_KEY": KEY,
        "OPENAI_API_KEY": "",
        "OPENAI_BASE_URL": "",
        "MARKETPLACE_FAULTS": f"fail plan.uploaded where sha256={sha256(STUMBLES).hexdigest()} times 4",
        "MARKETPLACE_RETRY_DELAYS": "0.2,0.3,0.4",
    }
    async with systems.system(tmp_path_factory.mktemp("traces"), env) as running:
        yield running


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=stack.env["MARKETPLACE_URL"], headers=headers, timeout=PATIENCE_S) as made:
        yield made


@pytest.fixture(scope="module")
def journey(client: httpx.Client, collected: Receiver) -> Journey:
    """One plan from the upload to its tasks, the first of which is started."""
    plan_id = upload(client, SALES.read_bytes(), "walks")
    url = f"/api/marketplace/analysis/{plan_id}"

    def plan() -> dict[str, Any]:
        return read(client, plan_id)

    def history() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = client.get(f"{url}/events", params={"limit": 100}).json()["items"]
        return items

    def has_its_tasks() -> bool:
        """Phase 1 and its tasks come by two topics: either can be shown before the other."""
        seen = plan()
        made = len((seen.get("phase1") or {}).get("tasks", []))
        return made > 0 and bool((seen.get("tasks") or {}).get("total") == made)

    until_ready(client, plan_id)
    approved = client.patch(url, json={"action": "approve"})
    assert approved.status_code == 202, approved.text
    eventually(has_its_tasks, say=plan)
    final = plan()
    started = client.patch(f"/api/tasks/{final['phase1']['tasks'][0]['taskId']}", json={"action": "start"})
    assert started.status_code == 202, started.text
    eventually(lambda: "task.started" in [e["type"] for e in history()], say=history)
    events = history()
    tasks = final["tasks"]["total"]

    def complete(spans: list[Span]) -> bool:
        # each process sends its spans when it likes: the first can come last
        requests = [s.name for s in spans if s.kind == "SERVER"]
        seen = [s.attributes.get(t.EVENT_TYPE) for s in spans if s.service == "marketplace-projections"]
        wanted = {"plan.analyzed", "plan.phase1.created", "task.started"}
        return (
            all(any(map(pattern.match, requests)) for pattern in (UPLOAD, APPROVAL, TASK))
            and seen.count("task.created") == tasks
            and wanted <= set(seen)
        )

    spans = collected.wait_for(complete)
    root = request_of(spans, UPLOAD)
    return Journey(
        plan_id,
        final["traceId"],
        events,
        tasks,
        [s for s in spans if s.trace_id == root.trace_id],
        request_of(spans, APPROVAL),
        request_of(spans, TASK),
        spans,
    )


def test_every_span_tells_the_version_of_its_process(journey: Journey) -> None:
    told = {(span.service, span.version) for span in journey.everything}
    assert told == {(f"marketplace-{name}", build().version) for name in ("gateway", "worker", "runner", "projections")}


def test_an_upload_is_one_trace_to_the_projected_plan(journey: Journey) -> None:
    last = only(journey.plan, "projections", "process plan.events", "plan.analyzed")
    assert line_up(journey.plan, last) == [
        "SERVER marketplace-gateway: POST /api/marketplace/analysis/upload",
        "PRODUCER marketplace-gateway: send plan.events plan.uploaded",
        "CONSUMER marketplace-worker: process plan.events plan.uploaded",
        "PRODUCER marketplace-worker: send analysis.work.normal analysis.requested",
        "CONSUMER marketplace-runner: process analysis.work.normal analysis.requested",
        "PRODUCER marketplace-gateway: send plan.events plan.analyzed",
        "CONSUMER marketplace-projections: process plan.events plan.analyzed",
    ]


def test_every_channel_is_in_it(journey: Journey) -> None:
    calls = [s for s in journey.plan if s.service == "marketplace-runner" and s.kind == "CONSUMER"]
    assert len(calls) == 2
    for call in calls:
        sent = [s.attributes[t.EVENT_TYPE] for s in children(journey.plan, call)]
        assert sent[0] == "plan.channel.analyzed"
    results = [s for s in journey.plan if s.attributes.get(t.EVENT_TYPE) == "plan.channel.analyzed"]
    assert [s.service for s in results if s.kind == "CONSUMER"].count("marketplace-projections") == 2


def test_its_approval_is_in_the_same_trace_to_the_projected_tasks(journey: Journey) -> None:
    tasks = [s for s in journey.plan if s.attributes.get(t.EVENT_TYPE) == "task.created" and s.kind == "CONSUMER"]
    assert len(tasks) == journey.tasks > 0
    for task in tasks:
        assert line_up(journey.plan, task) == [
            "SERVER marketplace-gateway: POST /api/marketplace/analysis/upload",
            "PRODUCER marketplace-gateway: send plan.events plan.approved",
            "CONSUMER marketplace-worker: process plan.events plan.approved",
            "PRODUCER marketplace-worker: send task.events task.created",
            "CONSUMER marketplace-projections: process task.events task.created",
        ]


def test_the_decision_and_phase_1_are_projected_in_it(journey: Journey) -> None:
    for event_type in ("plan.approved", "plan.phase1.created"):
        only(journey.plan, "projections", "process plan.events", event_type)


def test_the_work_on_its_tasks_is_in_it(journey: Journey) -> None:
    last = only(journey.plan, "projections", "process task.events", "task.started")
    assert line_up(journey.plan, last) == [
        "SERVER marketplace-gateway: POST /api/marketplace/analysis/upload",
        "PRODUCER marketplace-gateway: send task.events task.started",
        "CONSUMER marketplace-projections: process task.events task.started",
    ]


def test_the_requests_that_decide_are_traces_of_their_own_linked_both_ways(journey: Journey) -> None:
    """A request is no parent: it can decide about many plans, and a person may come days after the upload."""
    root = request_of(journey.plan, UPLOAD)
    for request, topic, event_type in (
        (journey.approval, "plan.events", "plan.approved"),
        (journey.task, "task.events", "task.started"),
    ):
        assert not request.parent_id
        assert [s for s in journey.everything if s.trace_id == request.trace_id] == [request]
        assert request.links == ((root.trace_id, root.span_id),)
        sent = only(journey.plan, "gateway", f"send {topic}", event_type)
        assert sent.links == ((request.trace_id, request.span_id),)
    linked = {s.attributes[t.EVENT_TYPE] for s in journey.plan if s.links}
    assert linked == {"plan.approved", "task.started"}


def test_nothing_hangs_in_the_air(journey: Journey) -> None:
    """Every parent is there, in the same trace, and began before its child."""
    by_id = {s.span_id: s for s in journey.plan}
    assert [s.name for s in journey.plan if not s.parent_id] == [request_of(journey.plan, UPLOAD).name]
    for span in journey.plan:
        if span.parent_id:
            assert by_id[span.parent_id].start <= span.start
        assert span.start <= span.end
        assert not span.failed


def test_every_hop_carries_the_attributes_of_the_conventions(journey: Journey) -> None:
    hops = [s for s in journey.plan if s.kind in ("PRODUCER", "CONSUMER")]
    for hop in hops:
        verb, topic = hop.name.split()
        assert hop.attributes[t.SYSTEM] == "kafka"
        assert hop.attributes[t.DESTINATION] == topic
        assert hop.attributes[t.OPERATION] == hop.attributes[t.OPERATION_TYPE] == verb
        assert verb == {"PRODUCER": "send", "CONSUMER": "process"}[hop.kind]
        assert hop.attributes[t.PLAN] == journey.plan_id
        assert hop.attributes[t.EVENT_TYPE]
        if hop.kind == "CONSUMER":
            assert hop.attributes[t.PARTITION].isdigit()
            assert hop.attributes[t.OFFSET] >= 0
    groups = {s.service: s.attributes[t.GROUP] for s in hops if s.kind == "CONSUMER"}
    assert groups == {
        "marketplace-worker": "agents",
        "marketplace-runner": "analysis",
        "marketplace-projections": "projections",
    }


def test_the_request_says_what_was_asked_and_answered(journey: Journey) -> None:
    root = request_of(journey.plan, UPLOAD)
    for request, method in ((root, "POST"), (journey.approval, "PATCH"), (journey.task, "PATCH")):
        assert request.attributes["http.request.method"] == method
        assert request.attributes["http.response.status_code"] == 202
        assert request.name == f"{method} {request.attributes['http.route']}"


def test_what_the_pages_show_leads_to_it(journey: Journey) -> None:
    """The plan itself, every event of its history, and a search for the plan's id."""
    (trace,) = {s.trace_id for s in journey.plan}
    assert journey.stored_trace == trace
    shown = {e["type"]: e["traceId"] for e in journey.history}
    assert set(shown.values()) == {trace}
    assert shown.keys() >= {"plan.uploaded", "plan.analyzed", "plan.approved", "plan.phase1.created", "task.started"}
    assert {s.trace_id for s in journey.everything if s.attributes.get(t.PLAN) == journey.plan_id} == {trace}


def test_what_the_worker_sends_itself_is_not_handled_as_a_cause(journey: Journey) -> None:
    handled = {
        s.attributes[t.EVENT_TYPE]
        for s in journey.everything
        if s.name == "process plan.events" and s.service == "marketplace-worker"
    }
    assert handled == {"plan.uploaded", "plan.approved"}


def test_every_attempt_is_in_it_through_retries_and_the_replay_of_a_dead_letter(
    journey: Journey, client: httpx.Client, collected: Receiver
) -> None:
    """They are siblings, because the first was not the cause of the second, and each is linked to the one before."""
    plan_id = upload(client, STUMBLES, "stumbles")

    def letters() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = client.get("/api/dead-letters", params={"plan": plan_id}).json()["items"]
        return items

    eventually(lambda: len(letters()) == 1, say=letters)
    (letter,) = letters()
    replayed = client.post("/api/dead-letters/replay", json={"recordIds": [letter["recordId"]]})
    assert replayed.status_code == 202, replayed.text
    until_ready(client, plan_id)

    def seen_by(service: str, spans: list[Span]) -> list[Span]:
        named = [s for s in spans if s.service == f"marketplace-{service}" and s.kind == "CONSUMER"]
        return [s for s in named if s.attributes.get(t.PLAN) == plan_id]

    def complete(spans: list[Span]) -> bool:
        projected = {s.attributes[t.EVENT_TYPE] for s in seen_by("projections", spans)}
        uploads = [s for s in spans if s.kind == "SERVER" and UPLOAD.match(s.name)]
        asked = [s for s in spans if s.kind == "SERVER" and s.name == REPLAY]
        return len(seen_by("worker", spans)) == 5 and "plan.analyzed" in projected and len(uploads) == 2 and bool(asked)

    spans = collected.wait_for(complete)
    attempts = seen_by("worker", spans)
    assert [s.name for s in attempts] == ["process plan.events"] + ["process agents.redeliver"] * 4
    assert [s.failed for s in attempts] == [True] * 4 + [False]
    assert [s.links for s in attempts] == [(), *(((s.trace_id, s.span_id),) for s in attempts[:-1])]
    assert len({(s.trace_id, s.parent_id) for s in attempts}) == 1
    plan = [s for s in spans if s.trace_id == attempts[0].trace_id]
    (buried,) = [s for s in plan if s.name == "process agents.dlq"]
    assert buried.links == ((attempts[3].trace_id, attempts[3].span_id),)
    (request,) = [s for s in spans if s.name == REPLAY]
    (sent_again,) = [s for s in plan if s.name == "send agents.redeliver" and s.service == "marketplace-gateway"]
    assert sent_again.links == ((request.trace_id, request.span_id),)
    assert letter["traceId"] == read(client, plan_id)["traceId"] == attempts[0].trace_id != journey.plan[0].trace_id
    ready = only(plan, "projections", "process plan.events", "plan.analyzed")
    assert line_up(plan, ready)[:4] == [
        "SERVER marketplace-gateway: POST /api/marketplace/analysis/upload",
        "PRODUCER marketplace-gateway: send plan.events plan.uploaded",
        "CONSUMER marketplace-worker: process agents.redeliver plan.uploaded",
        "PRODUCER marketplace-worker: send analysis.work.normal analysis.requested",
    ]


def test_what_the_read_models_could_not_read_names_the_attempt_that_failed(
    stack: Stack, journey: Journey, client: httpx.Client, collected: Receiver
) -> None:
    root = journey.plan[0]
    carried = [("traceparent", f"00-{root.trace_id}-{root.span_id}-01".encode())]

    async def damage() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=stack.env["MARKETPLACE_BROKERS"])
        await producer.start()
        try:
            await producer.send_and_wait("task.events", b"damaged", key=b"k", headers=carried)
        finally:
            await producer.stop()

    asyncio.run(damage())

    def letters() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = client.get("/api/dead-letters", params={"group": "projections"}).json()["items"]
        return items

    eventually(lambda: len(letters()) == 1, say=letters)
    (letter,) = letters()
    answer = client.post("/api/dead-letters/replay", json={"recordIds": [letter["recordId"]]})
    assert answer.status_code == 202, answer.text

    def failed(spans: list[Span]) -> list[Span]:
        found = [s for s in spans if s.name == "process task.events" and s.service == "marketplace-projections"]
        return [s for s in found if s.failed]

    first, second = failed(collected.wait_for(lambda spans: len(failed(spans)) == 2))
    assert (first.links, second.links) == ((), ((first.trace_id, first.span_id),))
    assert first.trace_id == second.trace_id == root.trace_id


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("group", "worker"),
        ("group", "runner"),
        ("group", "pump"),
        ("database", "projections"),
        ("database", "watchdog"),
    ],
)
def test_the_containers_health_check_sees_a_process_at_work(stack: Stack, kind: str, name: str) -> None:
    assert health(stack, kind, name) == 0


@pytest.mark.parametrize(("kind", "name"), [("group", "nobody"), ("database", "nobody")])
def test_the_containers_health_check_sees_that_nobody_is_there(stack: Stack, kind: str, name: str) -> None:
    assert health(stack, kind, name) == 1


def health(stack: Stack, kind: str, name: str) -> int:
    command = [sys.executable, "deploy/healthy.py", kind, name]
    return subprocess.run(command, cwd=ROOT, env=stack.env, timeout=PATIENCE_S, check=False).returncode
