"""A breaker or a flag that is switched is audited with what it was and is; who switches something off says why."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.operations import switching
from gateway.operations.switching import act_on_breaker, switch_flag
from gateway.problems.problem import Problem
from tests.unit.gateway.operations.acting import Acting


@pytest.mark.parametrize(
    ("action", "before", "changed", "outcome", "states"),
    [
        ("trip", "closed", True, "accepted", ("closed", "open")),
        ("trip", None, True, "accepted", ("closed", "open")),
        ("trip", "open", False, "unchanged", ("open", "open")),
        ("reset", "open", True, "accepted", ("open", "closed")),
        ("reset", "half_open", True, "accepted", ("half_open", "closed")),
    ],
)
async def test_a_breaker_is_audited_with_its_state_before_and_after(
    monkeypatch: pytest.MonkeyPatch, action: Any, before: str | None, changed: bool, outcome: str, states: Any
) -> None:
    by_action = {"breaker_trip": changed, "breaker_reset": changed}
    acting = Acting(monkeypatch, switching, exists=True, state=before, **by_action)

    assert await act_on_breaker(acting.request, "agent:a/m", action, " why ", 60.0) == outcome

    (entry,) = acting.told
    assert (entry.action, entry.target, entry.outcome, entry.reason) == (
        f"breaker.{action}",
        "agent:a/m",
        outcome,
        "why",
    )
    assert entry.before == {"state": states[0]}
    assert entry.after == {"state": states[1], "for_seconds": 60.0}
    assert acting.woken == 1


@pytest.mark.parametrize(("action", "said"), [("trip", "opened by ana"), ("reset", "closed by ana")])
async def test_without_a_reason_a_breaker_says_who_it_was(
    monkeypatch: pytest.MonkeyPatch, action: Any, said: str
) -> None:
    acting = Acting(monkeypatch, switching, exists=True, breaker_trip=True, breaker_reset=True)

    await act_on_breaker(acting.request, "agent:a/m", action, "")

    assert any(said in given for given in acting.asked)
    assert acting.told[0].reason == ""


@pytest.mark.parametrize(
    ("known", "listed"),
    [
        (
            [{"name": "agent:a/m"}, {"name": "agent:b/m"}],
            "There are: agent:a/m, agent:b/m; and plan:<id> of each plan.",
        ),
        ([], "There are: none yet, a runner with an agent makes its own known; and plan:<id> of each plan."),
    ],
)
async def test_a_breaker_that_there_is_not_is_refused_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch, known: Any, listed: str
) -> None:
    acting = Acting(monkeypatch, switching, exists=False, **{"like 'agent:%'": known})

    with pytest.raises(Problem) as refused:
        await act_on_breaker(acting.request, "x" * 300, "trip", "why")

    assert (refused.value.kind, refused.value.extra) == ("not-found", {"code": "no-such-breaker"})
    assert refused.value.detail == f"There is no circuit breaker '{'x' * 80}'. {listed}"
    assert (acting.told, acting.woken) == ([], 0)


@pytest.mark.parametrize(
    ("enabled", "said", "outcome", "was"),
    [
        (True, "accepted", "accepted", False),
        (True, "unchanged", "unchanged", True),
        (False, "accepted", "accepted", True),
        (False, "unchanged", "unchanged", False),
    ],
)
async def test_a_flag_is_audited_with_what_it_was(
    monkeypatch: pytest.MonkeyPatch, enabled: bool, said: str, outcome: str, was: bool
) -> None:
    acting = Acting(monkeypatch, switching, flag_switch=said)

    assert await switch_flag(acting.request, "uploads", enabled=enabled, reason="why") == outcome

    (entry,) = acting.told
    assert entry.action == ("flag.on" if enabled else "flag.off")
    assert (entry.before, entry.after) == ({"enabled": was}, {"enabled": enabled})
    assert acting.woken == 1


@pytest.mark.parametrize("reason", ["", "  \n"])
async def test_who_switches_off_says_why(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    acting = Acting(monkeypatch, switching, flag_switch="accepted")

    with pytest.raises(Problem) as refused:
        await switch_flag(acting.request, "uploads", enabled=False, reason=reason)
    assert (refused.value.status, acting.asked) == (422, [])

    assert await switch_flag(acting.request, "uploads", enabled=True, reason=reason) == "accepted"


async def test_a_flag_that_there_is_not_is_audited_as_such_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    acting = Acting(monkeypatch, switching, flag_switch="not_found")

    with pytest.raises(Problem) as refused:
        await switch_flag(acting.request, "upload", enabled=True, reason="")

    assert refused.value.kind == "not-found"
    (entry,) = acting.told
    assert (entry.outcome, entry.before, entry.after) == ("not_found", None, None)
