"""R17: a plan is one trace from the upload to the projected plan, and its approval one to the projected tasks.

Real processes send real spans to a real receiver: nothing here knows how they make them.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.stack import Stack
from schemas import telemetry as t
from tests.support.otlp import Receiver, Span, children, drawn, receiver
from tests.support.patience import eventually

ROOT = Path(__file__).parents[2]
KEY = "mrs_traces_" + "k" * 43
#: The requests that begin the two traces. Each process sends its spans when it likes: the first can come last.
ROOTS = re.compile(r"POST /api/marketplace/analysis/upload|PATCH /api/marketplace/analysis/\{")
SALES = Path(__file__).with_name("traces_sales.csv")


@dataclass(frozen=True)
class Journey:
    """What one plan left behind: the spans of its upload's trace and of its approval's."""

    plan_id: str
    stored_trace: str
    upload: list[Span]
    approval: list[Span]
    everything: list[Span]


@pytest.fixture(scope="module")
def collected() -> Iterator[Receiver]:
    with receiver() as receiving:
        yield receiving


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, collected: Receiver) -> Iterator[Stack]:
    env = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collected.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "MARKETPLACE_BOOTSTRAP_KEY": KEY,
        "OPENAI_API_KEY": "",
        "OPENAI_BASE_URL": "",
    }
    with Stack(tmp_path_factory.mktemp("traces"), env=env) as running:
        yield running


@pytest.fixture(scope="module")
def journey(stack: Stack, collected: Receiver) -> Journey:
    """One plan from the upload to its tasks."""
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=stack.env["MARKETPLACE_URL"], headers=headers, timeout=10) as client:
        sent = client.post(
            "/api/marketplace/analysis/upload",
            files={"file": (SALES.name, SALES.read_bytes(), "text/csv")},
            data={"channels": "mercado_livre,shopee"},
        )
        assert sent.status_code == 202, sent.text
        plan_id = sent.json()["planId"]
        url = f"/api/marketplace/analysis/{plan_id}"

        def plan() -> dict[str, Any]:
            body: dict[str, Any] = client.get(url).json()
            return body

        eventually(lambda: plan().get("status") == "awaiting_approval", within_s=30, say=plan)
        approved = client.patch(url, json={"action": "approve"})
        assert approved.status_code == 202, approved.text
        eventually(lambda: (plan().get("tasks") or {}).get("total", 0) > 0, within_s=30, say=plan)
        final = plan()
    tasks = final["tasks"]["total"]

    def complete(spans: list[Span]) -> bool:
        roots = [s.name for s in spans if s.kind == "SERVER" and re.match(ROOTS, s.name)]
        seen = [s.attributes.get(t.EVENT_TYPE) for s in spans if s.service == "marketplace-projections"]
        wanted = {"plan.analyzed", "plan.phase1.created"}
        return len(roots) == 2 and seen.count("task.created") == tasks and wanted <= set(seen)

    spans = collected.wait_for(complete)
    return Journey(
        plan_id,
        final["traceId"],
        trace_of(spans, "POST /api/marketplace/analysis/upload"),
        trace_of(spans, re.compile(r"^PATCH /api/marketplace/analysis/\{")),
        spans,
    )


def trace_of(spans: list[Span], root: str | re.Pattern[str]) -> list[Span]:
    """Return the spans of the trace that begins with this request."""
    (first,) = [s for s in spans if s.kind == "SERVER" and re.match(root, s.name)]
    return [s for s in spans if s.trace_id == first.trace_id]


def only(spans: list[Span], service: str, name: str, event_type: str | None = None) -> Span:
    found = [
        s
        for s in spans
        if (s.service, s.name) == (f"marketplace-{service}", name)
        and event_type in (None, s.attributes.get(t.EVENT_TYPE))
    ]
    assert len(found) == 1, "\n".join([f"{len(found)} x {service}: {name} {event_type} in", *drawn(spans)])
    return found[0]


def line_up(spans: list[Span], last: Span) -> list[str]:
    """Return the spans from the root down to this one."""
    by_id = {s.span_id: s for s in spans}
    way = [last]
    while way[-1].parent_id:
        way.append(by_id[way[-1].parent_id])
    return [f"{s.kind} {s}" for s in reversed(way)]


def test_an_upload_is_one_trace_to_the_projected_plan(journey: Journey) -> None:
    last = only(journey.upload, "projections", "process plan.events", "plan.analyzed")
    assert line_up(journey.upload, last) == [
        "SERVER marketplace-gateway: POST /api/marketplace/analysis/upload",
        "PRODUCER marketplace-gateway: send plan.events plan.uploaded",
        "CONSUMER marketplace-worker: process plan.events plan.uploaded",
        "PRODUCER marketplace-worker: send analysis.work.normal analysis.requested",
        "CONSUMER marketplace-runner: process analysis.work.normal analysis.requested",
        "PRODUCER marketplace-gateway: send plan.events plan.analyzed",
        "CONSUMER marketplace-projections: process plan.events plan.analyzed",
    ]


def test_every_channel_is_in_it(journey: Journey) -> None:
    calls = [s for s in journey.upload if s.service == "marketplace-runner" and s.kind == "CONSUMER"]
    assert len(calls) == 2
    for call in calls:
        sent = [s.attributes[t.EVENT_TYPE] for s in children(journey.upload, call)]
        assert sent[0] == "plan.channel.analyzed"
    results = [s for s in journey.upload if s.attributes.get(t.EVENT_TYPE) == "plan.channel.analyzed"]
    assert [s.service for s in results if s.kind == "CONSUMER"].count("marketplace-projections") == 2


def test_an_approval_is_one_trace_to_the_projected_tasks(journey: Journey) -> None:
    way = [
        "PRODUCER marketplace-gateway: send plan.events plan.approved",
        "CONSUMER marketplace-worker: process plan.events plan.approved",
        "PRODUCER marketplace-worker: send task.events task.created",
        "CONSUMER marketplace-projections: process task.events task.created",
    ]
    tasks = [s for s in journey.approval if s.name == "process task.events"]
    assert tasks
    for task in tasks:
        root, *rest = line_up(journey.approval, task)
        assert re.match(r"^SERVER marketplace-gateway: PATCH /api/marketplace/analysis/\{\w+\}$", root)
        assert rest == way


def test_the_decision_and_phase_1_are_projected_in_the_same_trace(journey: Journey) -> None:
    for event_type in ("plan.approved", "plan.phase1.created"):
        only(journey.approval, "projections", "process plan.events", event_type)


def test_nothing_hangs_in_the_air(journey: Journey) -> None:
    """Every parent is there, in the same trace, and began before its child."""
    for spans in (journey.upload, journey.approval):
        by_id = {s.span_id: s for s in spans}
        roots = [s for s in spans if not s.parent_id]
        assert [s.kind for s in roots] == ["SERVER"]
        for span in spans:
            if span.parent_id:
                assert by_id[span.parent_id].start <= span.start
            assert span.start <= span.end
            assert not span.failed


def test_every_hop_carries_the_attributes_of_the_conventions(journey: Journey) -> None:
    hops = [s for s in journey.upload + journey.approval if s.kind in ("PRODUCER", "CONSUMER")]
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
    for spans, method in ((journey.upload, "POST"), (journey.approval, "PATCH")):
        request = next(s for s in spans if s.kind == "SERVER")
        assert request.attributes["http.request.method"] == method
        assert request.attributes["http.response.status_code"] == 202
        assert request.attributes["http.route"].startswith("/api/marketplace/analysis/")


def test_the_two_traces_of_a_plan_are_found_together(journey: Journey) -> None:
    """The plan's page leads to the trace of its upload; a search for the plan's id finds the approval's too."""
    assert journey.stored_trace == journey.upload[0].trace_id
    found = {s.trace_id for s in journey.everything if s.attributes.get(t.PLAN) == journey.plan_id}
    assert found == {journey.upload[0].trace_id, journey.approval[0].trace_id}


def test_what_the_worker_sends_itself_is_not_handled_as_a_cause(journey: Journey) -> None:
    handled = {
        s.attributes[t.EVENT_TYPE]
        for s in journey.everything
        if s.name == "process plan.events" and s.service == "marketplace-worker"
    }
    assert handled == {"plan.uploaded", "plan.approved"}


@pytest.mark.parametrize(
    ("kind", "name"), [("group", "agents"), ("group", "analysis"), ("group", "retry-pump"), ("database", "projections")]
)
def test_the_containers_health_check_sees_a_process_at_work(stack: Stack, kind: str, name: str) -> None:
    assert health(stack, kind, name) == 0


@pytest.mark.parametrize(("kind", "name"), [("group", "nobody"), ("database", "nobody")])
def test_the_containers_health_check_sees_that_nobody_is_there(stack: Stack, kind: str, name: str) -> None:
    assert health(stack, kind, name) == 1


def health(stack: Stack, kind: str, name: str) -> int:
    command = [sys.executable, "deploy/healthy.py", kind, name]
    return subprocess.run(command, cwd=ROOT, env=stack.env, timeout=30, check=False).returncode
