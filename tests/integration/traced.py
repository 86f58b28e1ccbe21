"""A plan's way as spans, and how to find one among them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from schemas.process import telemetry as t
from tests.support.otlp import Span, drawn
from tests.support.patience import PATIENCE_S, eventually

#: The requests: the first begins the plan's trace, the others are linked to it and it to them.
UPLOAD = re.compile(r"^POST /api/marketplace/analysis/upload$")


APPROVAL = re.compile(r"^PATCH /api/marketplace/analysis/\{\w+\}$")


TASK = re.compile(r"^PATCH /api/tasks/\{\w+\}$")


SALES = Path(__file__).with_name("traces_sales.csv")


@dataclass(frozen=True)
class Journey:
    """What one plan left behind: the spans of its trace, and those of the requests that decided about it later.

    `history` are the events of the plan as the API shows them, `tasks` how many Phase 1 made.
    """

    plan_id: str
    stored_trace: str
    history: list[dict[str, Any]]
    tasks: int
    plan: list[Span]
    approval: Span
    task: Span
    everything: list[Span]


def upload(client: httpx.Client, content: bytes, title: str) -> str:
    """Upload a document; return the plan's id."""
    sent = client.post(
        "/api/marketplace/analysis/upload",
        files={"file": (SALES.name, content, "text/csv")},
        data={"channels": "mercado_livre,shopee", "title": title},
    )
    assert sent.status_code == 202, sent.text
    plan_id: str = sent.json()["planId"]
    return plan_id


def read(client: httpx.Client, plan_id: str) -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"/api/marketplace/analysis/{plan_id}").json()
    return body


def until_ready(client: httpx.Client, plan_id: str) -> None:
    """Return when the plan waits for a person."""
    eventually(
        lambda: read(client, plan_id).get("status") == "awaiting_approval",
        within_s=PATIENCE_S,
        say=lambda: read(client, plan_id),
    )


def request_of(spans: list[Span], name: re.Pattern[str]) -> Span:
    """Return the span of the one request of that name."""
    (found,) = [s for s in spans if s.kind == "SERVER" and name.match(s.name)]
    return found


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
