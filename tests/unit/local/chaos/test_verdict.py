"""What is good enough, and how it is printed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gateway.verdict.words.terms import ROLES
from local.chaos.report import HEADER, as_json, from_json, line, markdown, patient_markdown
from local.chaos.verdict import KINDS, Outcome, Thresholds, failures, names, slow_to_see

GOOD = Outcome(
    scenario="kill-worker",
    seed=7,
    injected_s=1.5,
    signs={"supervisor: worker ended": 0.2, "event plan.stalled": 1.1},
    healed_s=9.5,
    slowest_s=2.0,
    plans=300,
    repeats=12,
    told={"No worker runs": 0.6},
    over=1,
    causes=("role-missing",),
    expected=frozenset({"role-missing", "process-gone"}),
)
PROMISED = Thresholds()


def test_the_first_sign_counts() -> None:
    assert GOOD.detected_s == 0.2
    assert GOOD.detected_by == "supervisor: worker ended"
    assert failures(GOOD, PROMISED) == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"signs": {}}, "the system never said that something is wrong"),
        ({"signs": {"health: degraded": 5.0}}, "detected after 5.00 s, not within 5 s"),
        ({"healed_s": None}, "did not heal"),
        ({"healed_s": 30.0}, "healed after 30.0 s, not within 30 s"),
        ({"counts": {"lost": 1}}, "1 lost"),
        ({"counts": {"gap": 2, "drift": 1, "lag": 1}}, "4 lost"),
        ({"counts": {"duplicate": 1, "conflict": 2}}, "3 duplicated"),
        ({"problems": ("a client gave up",)}, "a client gave up"),
        ({"silent": True, "untold_s": 5.0}, "a plan waited for 5.0 s before the system said anything"),
        ({"told": {"a": 5.0}}, "told after 5.00 s, not within 5 s"),
        ({"told": {}, "causes": ()}, "nobody was told; expected: process-gone or role-missing"),
        ({"causes": ("broker-away",)}, "told of broker-away, which is not the cause"),
        ({"expected": None}, "told of role-missing, of which nobody need be told"),
        ({"about": ("runner",)}, "told of another process: No worker runs"),
        ({"proves": True}, "the proof of life did not stop: who listens for it outside was not told"),
        ({"told": {"a": 10.0}, "patient": True}, "told after 10.00 s, not within 10 s"),
        ({"told": {"a": 15.0}, "waits_s": 10.0}, "told after 15.00 s, not within 15 s"),
        ({"told": {"a": 1.0, "b": 9.0}}, "told as 2 alerts, not as one: a; b"),
        ({"told": {"a": 1.0, "b": 9.0}, "again": 1}, "told as 2 alerts, not as one: a; b"),
        (
            {"told": {"a": 1.0, "b": 3.0, "c": 4.0}, "again": 1, "strikes": True},
            "told as 2 alerts, not as one: a; b; c",
        ),
        ({"answered_s": 5.0}, "an approval was answered after 5.0 s, not within 5 s"),
        ({"answered_s": 30.0, "refuses": True}, "an approval was answered after 30.0 s, not within 30 s"),
    ],
)
def test_each_promise_is_held_against_it(changed: dict[str, object], why: str) -> None:
    outcome = replace(GOOD, **changed)  # type: ignore[arg-type] # the table's own fields

    assert failures(outcome, PROMISED) == [why]
    assert "FAILED (seed 7)" in line(outcome, PROMISED)
    assert as_json(outcome, PROMISED)["verdict"] == "failed"


def test_a_fault_that_comes_again_may_be_told_again() -> None:
    told = {"the worker 7 is gone": 1.0, "the worker 8 is gone": 4.0}
    assert failures(replace(GOOD, told=told, about=("worker",), strikes=True, again=1), PROMISED) == []


def test_faults_of_all_kinds_are_seen_and_told_soon_at_the_median() -> None:
    def runs(kinds: int, seen_s: float) -> list[Outcome]:
        return [replace(GOOD, scenario=f"kind-{n}", signs={"health: degraded": seen_s}) for n in range(kinds)]

    assert slow_to_see([*runs(KINDS - 4, 0.5), *runs(KINDS, 2.4)[-4:]], PROMISED) == []
    assert slow_to_see(runs(KINDS, 1.0), PROMISED) == [
        "detected after 1.00 s at the median of all runs, not within 1 s"
    ]
    assert slow_to_see(runs(KINDS - 1, 2.4), PROMISED) == [], "a few kinds say nothing of the others"
    assert slow_to_see([replace(GOOD, signs={}, silent=True)], PROMISED) == []
    late = [replace(one, told={"a": 2.0}) for one in runs(KINDS, 0.5)]
    assert slow_to_see(late, PROMISED) == ["told after 2.00 s at the median of all runs, not within 2 s"]
    said = "\nAt the median of all 2 runs: detected after 2.40 s, told after 0.60 s.\n"
    assert markdown(runs(2, 2.4), PROMISED).endswith(said)


def test_what_makes_nobody_wait_may_go_unsaid() -> None:
    outcome = replace(GOOD, signs={}, told={}, causes=(), expected=None, silent=True, untold_s=4.9)

    assert failures(outcome, PROMISED) == []
    assert failures(replace(outcome, silent=False, signs=GOOD.signs), PROMISED) == []
    assert (
        failures(replace(outcome, expected=GOOD.expected, silent=False, passes=True, signs=GOOD.signs), PROMISED) == []
    )
    assert failures(replace(outcome, signs={"event plan.stalled": 10.2}), PROMISED) == []
    assert line(outcome, PROMISED).endswith("ok, nobody waited")
    quiet = replace(outcome, expected=frozenset({"clocks-off"}))
    assert failures(quiet, PROMISED) == ["nobody was told; expected: clocks-off"], "that nobody waited is no excuse"


def test_that_the_proof_of_life_stops_is_what_somebody_outside_is_told_of_the_engines_death() -> None:
    dead = replace(GOOD, told={}, causes=(), passes=True, proves=True, proof_s=1.2)

    assert (failures(dead, PROMISED), dead.told_s) == ([], 1.2)
    assert failures(replace(dead, proof_s=5.0), PROMISED) == ["told after 5.00 s, not within 5 s"]
    assert "| 1.20 s | proof of life stopped | 0, 1 |" in markdown([dead], PROMISED)


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("No worker runs: uploads are not handed out and Phase 1 is made by the watchdog only.", "worker"),
        ("1 process is gone: the pump 71 on host.", "pump"),
        ("The alert engine 71 on host has said nothing for 9 s.", "alert engine"),
        ("No alert engine works: nobody outside is told of what is wrong.", "alert engine"),
        ("No watchdog runs: nobody sees what is stalled.", "watchdog"),
    ],
)
def test_a_message_names_the_process_that_it_is_about_and_no_other(title: str, found: str) -> None:
    roles = [title for title, _ in ROLES.values()]
    assert [role for role in roles if names(title, (role,))] == [found]
    assert names(title, ())
    assert names(title, ("gateway", found))


def test_what_is_told_with_the_patience_of_an_installation_has_a_table_and_a_limit_of_its_own() -> None:
    runs = [replace(GOOD, scenario="away-worker", told={"a": after}, patient=True) for after in (3.0, 4.0, 10.0)]

    assert patient_markdown(runs, PROMISED).splitlines()[2] == (
        "| `away-worker` | 3 | 4.00 s (10.00) | role-missing | 3, 3 | 2 of 3 |"
    )
    late = [replace(one, scenario=f"kind-{n}") for n, one in enumerate([runs[1]] * KINDS)]
    assert slow_to_see(late, PROMISED) == [], "they are no figures of how soon a fault is told"


def test_who_asks_what_is_itself_broken_may_wait_until_it_has_healed() -> None:
    assert failures(replace(GOOD, answered_s=29.0, refuses=True), PROMISED) == []


def test_a_line_stands_under_its_heading() -> None:
    printed = line(GOOD, PROMISED)

    for heading, value in (("injected at", "1.5 s"), ("detected after", "0.20 s"), ("healed after", "9.5 s")):
        end = HEADER.index(heading) + len(heading)
        assert printed[:end].endswith(value)
    assert printed.endswith("ok, by supervisor: worker ended")


def test_json_and_back_is_the_same_outcome() -> None:
    outcome = replace(GOOD, counts={"lost": 2}, problems=("something",), untold_s=1.0, answered_s=2.0, refuses=True)
    away = replace(outcome, about=("worker", "runner"), proof_s=1.25, proves=True, patient=True)
    for one in (outcome, away, replace(outcome, expected=None, passes=True)):
        assert from_json(json.loads(json.dumps(as_json(one, PROMISED)))) == one


def test_the_table_has_medians_the_worst_and_how_many_passed() -> None:
    runs = [
        replace(GOOD, signs={"health: down": detected}, healed_s=healed, told={"a": 2 * detected}, over=1)
        for detected, healed in ((0.1, 3.0), (0.4, 5.0), (0.2, 31.0))
    ]

    quiet = replace(GOOD, scenario="clock-jump", signs={}, told={}, causes=(), over=0, silent=True, expected=None)
    table = markdown([*runs, quiet], PROMISED).splitlines()

    assert table[0].count("|") == table[1].count("|") == table[2].count("|") == table[3].count("|")
    assert table[2] == (
        "| `kill-worker` | 3 | 0.20 s (0.40) | health: down | 0.40 s (0.80) | role-missing | 3, 3 | 5.0 s (31.0)"
        " | 2.0 s (2.0) | 0.0 s (0.0) | 900 | 0 | 0 | 2 of 3 |"
    )
    assert table[3] == (
        "| `clock-jump` | 1 | - | nobody waited | - | nothing | 0, 0 | 9.5 s | 2.0 s | 0.0 s | 300 | 0 | 0 | 1 of 1 |"
    )
