"""What the system said before a fault is no answer to the question whether it has healed."""

from __future__ import annotations

import time
from types import SimpleNamespace

import httpx

from local.chaos.signs import Signs

WELL = httpx.Response(200, json={"status": "ok", "findings": []})
ILL = httpx.Response(200, json={"status": "degraded", "findings": ["No worker runs."]})


def signs() -> Signs:
    """Return signs of a system whose only process runs, and which are looked for only when a test says so."""
    up = SimpleNamespace(processes={"worker": SimpleNamespace(status="ready", restarts=0)})
    return Signs(SimpleNamespace(state=up), "key")  # type: ignore[arg-type] # as much of a stack as it needs


def test_only_an_answer_from_after_the_fault_says_that_all_is_well() -> None:
    seen = signs()
    asked_before = time.monotonic()
    seen._judge(WELL, asked_before)
    assert seen.ok

    seen.restart_clock()
    assert not seen.ok
    seen._judge(WELL, asked_before)  # it was on its way when the fault was caused
    assert not seen.ok

    seen._judge(WELL, time.monotonic())
    assert seen.ok


def test_an_answer_from_before_the_fault_is_no_sign_of_it() -> None:
    seen = signs()
    asked_before = time.monotonic()
    seen.restart_clock()

    seen._judge(ILL, asked_before)
    assert seen.first == {}
    assert seen.said == {}

    seen._judge(ILL, time.monotonic())
    assert set(seen.first) == {"health: degraded"}
    assert set(seen.said) == {"No worker runs."}
    assert not seen.ok
