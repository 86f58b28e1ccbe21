"""The numbers of what is held back or switched off."""

from __future__ import annotations

from gateway.ui.words.consequence_words import of_breaker, of_flag, of_letter
from projections.reads.operations import Operations
from projections.reads.overview import Outbox, Overview, ProjectionLag, Waiting

OVERVIEW = Overview(
    plans={"analyzing": Waiting(3, 1.0)},
    tasks={},
    plans_without_phase1=Waiting(2, 1.0),
    partial_plans=0,
    outbox=Outbox(0, 0.0),
    projection=ProjectionLag(0, 0.0, None),
)
EMPTY = Overview({}, {}, Waiting(0, 0.0), 0, Outbox(0, 0.0), ProjectionLag(0, 0.0, None))


def test_a_breaker_says_what_waits() -> None:
    running = Operations()
    assert of_breaker("agent:x/m", OVERVIEW, running).startswith("3 plans are being analysed now")
    assert of_breaker("agent:x/m", EMPTY, running).startswith("0 plans are being analysed now")
    assert of_breaker("webhook:erp", OVERVIEW, running).startswith("0 events wait")
    assert of_breaker("notify:slack", OVERVIEW, running) == "What calls this waits; nothing else does."


def test_a_feature_says_what_its_being_off_means() -> None:
    running = Operations()
    assert of_flag("queue_processing", OVERVIEW, running).startswith("5 plans are on their way now")
    assert of_flag("automatic_recovery", OVERVIEW, running).startswith("0 plans are stalled now")
    assert of_flag("circuit_breaker", OVERVIEW, running).startswith("0 breakers hold calls back")
    assert of_flag("of_tomorrow", OVERVIEW, running) == ""


def test_a_letter_says_what_goes_on_without_it() -> None:
    assert of_letter(of_plan=False, others=0) == "1 letter of no plan is discarded: no plan misses it."
    assert of_letter(of_plan=True, others=1).endswith("1 other letter of the plan waits for a decision.")
    assert of_letter(of_plan=True, others=2).endswith("2 other letters of the plan wait for a decision.")
