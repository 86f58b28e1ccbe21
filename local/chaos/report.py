"""Outcomes as lines, as JSON and as the table of docs/reliability.md. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from local.chaos.verdict import Outcome, Thresholds, failures, in_the_middle, told_in_the_middle

HEADER = (
    f"{'scenario':<20} {'injected at':>11} {'detected after':>14} {'healed after':>12} {'lost':>4} {'duplicated':>10}"
    "  verdict"
)
#: Of the table.
HEADS = (
    *("scenario", "runs", "detected after", "by", "told after", "of", "alerts, over", "healed after", "slowest plan"),
    *("slowest answer", "plans", "lost", "duplicated", "passed"),
)


def seconds(value: float | None, *, digits: int = 2) -> str:
    """Return a time for people; `-` where there is none."""
    return "-" if value is None else f"{value:.{digits}f} s"


def line(outcome: Outcome, thresholds: Thresholds) -> str:
    """Return the one line of a run."""
    wrong = failures(outcome, thresholds)
    verdict = f"FAILED (seed {outcome.seed})" if wrong else "ok"
    if not wrong and outcome.detected_by:
        verdict += f", by {outcome.detected_by}"
    elif not wrong:
        verdict += ", nobody waited"
    return (
        f"{outcome.scenario:<20} {seconds(outcome.injected_s, digits=1):>11} {seconds(outcome.detected_s):>14}"
        f" {seconds(outcome.healed_s, digits=1):>12} {outcome.lost:>4} {outcome.duplicated:>10}  {verdict}"
    )


def as_json(outcome: Outcome, thresholds: Thresholds) -> dict[str, Any]:
    """Return a run as a document. Times in seconds, rounded to milliseconds; null: it did not happen."""
    wrong = failures(outcome, thresholds)
    return {
        "scenario": outcome.scenario,
        "seed": outcome.seed,
        "injectedAt": round(outcome.injected_s, 3),
        "detectedAfter": None if outcome.detected_s is None else round(outcome.detected_s, 3),
        "detectedBy": outcome.detected_by or None,
        "signs": {sign: round(at, 3) for sign, at in sorted(outcome.signs.items(), key=lambda pair: pair[1])},
        "findings": {text: round(at, 3) for text, at in outcome.findings.items()},
        "healedAfter": None if outcome.healed_s is None else round(outcome.healed_s, 3),
        "slowestPlan": round(outcome.slowest_s, 3),
        "slowestAnswer": round(outcome.answered_s, 3),
        "untold": round(outcome.untold_s, 3),
        "plans": outcome.plans,
        "histories": outcome.histories,
        "repeats": outcome.repeats,
        "counts": dict(outcome.counts),
        "lost": outcome.lost,
        "duplicated": outcome.duplicated,
        "told": {title: round(at, 3) for title, at in outcome.told.items()},
        "over": outcome.over,
        "causes": list(outcome.causes),
        "expected": None if outcome.expected is None else sorted(outcome.expected),
        "passes": outcome.passes,
        "about": list(outcome.about),
        "proofStoppedAfter": None if outcome.proof_s is None else round(outcome.proof_s, 3),
        "proves": outcome.proves,
        "patient": outcome.patient,
        "strikes": outcome.strikes,
        "again": outcome.again,
        "waits": outcome.waits_s,
        "way": {step: round(at, 3) for step, at in outcome.way.items()},
        "silent": outcome.silent,
        "refuses": outcome.refuses,
        "problems": list(outcome.problems),
        "failures": wrong,
        "verdict": "failed" if wrong else "ok",
    }


def from_json(document: dict[str, Any]) -> Outcome:
    """Return the run that `as_json` wrote."""
    return Outcome(
        scenario=document["scenario"],
        seed=document["seed"],
        injected_s=document["injectedAt"],
        signs=document["signs"],
        healed_s=document["healedAfter"],
        slowest_s=document["slowestPlan"],
        plans=document["plans"],
        repeats=document["repeats"],
        counts=document["counts"],
        problems=tuple(document["problems"]),
        silent=document["silent"],
        findings=document["findings"],
        untold_s=document["untold"],
        answered_s=document["slowestAnswer"],
        refuses=document["refuses"],
        told=document["told"],
        over=document["over"],
        way=document["way"],
        histories=document["histories"],
        passes=document["passes"],
        about=tuple(document["about"]),
        proof_s=document["proofStoppedAfter"],
        proves=document["proves"],
        patient=document["patient"],
        strikes=document["strikes"],
        again=document["again"],
        waits_s=document["waits"],
        causes=tuple(document["causes"]),
        expected=None if document["expected"] is None else frozenset(document["expected"]),
    )


def timeline(outcome: Outcome) -> list[str]:
    """Return the steps of the first message, one a line: when, how long after the step before, and what happened."""
    lines, before = [], 0.0
    for step, at in sorted(outcome.way.items(), key=lambda pair: pair[1]):
        lines.append(f"{at:>7.2f} s  +{at - before:.2f} s  {step}")
        before = at
    return lines


def markdown(outcomes: Sequence[Outcome], thresholds: Thresholds) -> str:
    """Return the table: one line for each scenario, medians over its runs, the worst in brackets."""
    by_name: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_name.setdefault(outcome.scenario, []).append(outcome)
    lines = [f"| {' | '.join(HEADS)} |", "|---" * len(HEADS) + "|"]
    for name, runs in by_name.items():
        found = [r.detected_s for r in runs if r.detected_s is not None]
        healed = [r.healed_s for r in runs if r.healed_s is not None]
        by = sorted({r.detected_by for r in runs if r.detected_by})
        good = sum(not failures(r, thresholds) for r in runs)
        cells = (
            f"`{name}`",
            str(len(runs)),
            _median(found, 2),
            ", ".join(by) or "nobody waited",
            _median([r.told_s for r in runs if r.told_s is not None], 2),
            _of(runs),
            f"{sum(len(r.told) for r in runs)}, {sum(r.over for r in runs)}",
            _median(healed, 1),
            _median([r.slowest_s for r in runs], 1),
            _median([r.answered_s for r in runs], 1),
            str(sum(r.plans for r in runs)),
            str(sum(r.lost for r in runs)),
            str(sum(r.duplicated for r in runs)),
            f"{good} of {len(runs)}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    detected, told = seconds(in_the_middle(outcomes)), seconds(told_in_the_middle(outcomes))
    lines += ["", f"At the median of all {len(outcomes)} runs: detected after {detected}, told after {told}."]
    return "\n".join(lines) + "\n"


def patient_markdown(outcomes: Sequence[Outcome], thresholds: Thresholds) -> str:
    """Return the table of what is told with the patience of an installation: medians, the worst in brackets."""
    heads = ("process that stays away", "runs", "told after", "of", "alerts, over", "passed")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for name in dict.fromkeys(o.scenario for o in outcomes):
        runs = [o for o in outcomes if o.scenario == name]
        good = sum(not failures(r, thresholds) for r in runs)
        cells = (
            f"`{name}`",
            str(len(runs)),
            _median([r.told_s for r in runs if r.told_s is not None], 2),
            _of(runs),
            f"{sum(len(r.told) for r in runs)}, {sum(r.over for r in runs)}",
            f"{good} of {len(runs)}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _of(runs: Sequence[Outcome]) -> str:
    """Return what people were told of: the kinds of findings, and that the proof of life stopped."""
    kinds = sorted({cause for r in runs for cause in r.causes})
    if any(r.proves and r.proof_s is not None for r in runs):
        kinds.append("proof of life stopped")
    return ", ".join(kinds) or "nothing"


def _median(values: Sequence[float], digits: int) -> str:
    if not values:
        return "-"
    middle, worst = statistics.median(values), max(values)
    return f"{middle:.{digits}f} s ({worst:.{digits}f})" if len(values) > 1 else f"{middle:.{digits}f} s"
