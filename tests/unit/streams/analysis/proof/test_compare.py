"""The data of plan.channel.compared: what is told, and what is not."""

from __future__ import annotations

from dataclasses import replace

from schemas.catalogue import newest
from schemas.fit import compile_fit
from schemas.lifecycle import PlanStatus
from schemas.plan import ChannelAnalysis, Evidence, Opportunity
from schemas.typed.plan import PlanChannelComparedData
from streams.analysis.proof.compare import Before, Choice, Earlier, choose, compared
from streams.analysis.proof.outcome import TaskState
from streams.analysis.proof.periods import Period

from .samples import FEBRUARY, JANUARY, facts, product

JAN, FEB = Period.of(JANUARY), Period.of(FEBRUARY)
assert JAN is not None
assert FEB is not None
EARLIER = Earlier("p1", JAN, PlanStatus.COMPLETED)
CHOICE = choose(FEB, [EARLIER])
FOUND = Opportunity(
    "shopee-fees", "shopee", "Baixar as tarifas", "w", "high", [Evidence("fee_share", 0.3, "ratio", "t")], 100.0
)
ANALYSIS = ChannelAnalysis("shopee", "rules", "rules-2", "s", [FOUND])
THEN = facts(JANUARY, product("A", 10, 100.0), revenue=100.0, units=10, fee_share=0.3)
NOW = facts(FEBRUARY, product("A", 12, 120.0), revenue=120.0, units=12, fee_share=0.1)
BEFORE = Before(THEN, ANALYSIS, [])


def of(choice: Choice = CHOICE, **before: Before) -> PlanChannelComparedData | None:
    assert FEB is not None
    return compared("p2", NOW, FEB, choice, before or {"p1": BEFORE})


def test_it_says_what_changed_and_what_became_of_each_opportunity_and_fits_its_schema() -> None:
    task = TaskState("shopee-fees", "completed", JAN.last if JAN else None)  # type: ignore[arg-type] # it is there
    data = of(p1=replace(BEFORE, tasks=[task]))
    assert data is not None
    bridge, proof = data["bridge"], data["proof"]
    assert bridge is not None
    assert proof is not None

    assert (data["first_day"], data["last_day"]) == ("2026-02-01", "2026-02-28")
    assert (bridge["plan_id"], bridge["first_day"], bridge["last_day"], bridge["days_in_both"]) == (
        "p1", "2026-01-01", "2026-01-31", 0,
    )  # fmt: skip
    assert [(s["kind"], s["amount"]) for s in bridge["steps"]][:3] == [("volume", 20.0), ("price", 0.0), ("mix", 0.0)]
    assert bridge["steps"][0]["parts"] == [{"sku": "A", "title": "Produto A", "amount": 20.0}]
    assert (proof["source"], proof["model"]) == ("rules", "rules-2")
    [outcome] = proof["outcomes"]
    assert (outcome["verdict"], outcome["why"], outcome["acted"], outcome["came"]) == ("improved", "", "done", 24.0)
    envelope = {
        "event_id": "e", "stream": "s", "version": 1, "occurred_at": 1, "causation_id": "c", "correlation_id": "p2",
        "actor": "a",
    }  # fmt: skip
    assert compile_fit(newest("plan.channel.compared").parsed)({**envelope, **data}) is None


def test_why_it_cannot_be_told_is_said() -> None:
    blind = replace(THEN, figures=[f for f in THEN.figures if f.metric != "fee_share"])
    data = of(p1=replace(BEFORE, facts=blind))
    assert data is not None
    assert data["proof"] is not None
    assert data["proof"]["outcomes"][0]["why"] == "not-then"


def test_without_a_document_before_there_is_nothing_to_tell() -> None:
    assert of(Choice(None, None)) is None
    assert of(Choice(None, EARLIER), p1=Before(THEN, None, [])) is None
    assert of(p9=BEFORE) is None


def test_a_rejected_plan_tells_what_changed_and_has_promised_nothing() -> None:
    data = of(Choice(EARLIER, None))
    assert data is not None
    assert data["bridge"] is not None
    assert data["proof"] is None


def test_a_longer_document_gives_proof_alone() -> None:
    data = of(Choice(None, EARLIER))
    assert data is not None
    assert data["bridge"] is None
    assert data["proof"] is not None
