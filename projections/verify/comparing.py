"""The differences between what the log implies and what the read models had at one moment."""

from __future__ import annotations

from collections import Counter
from typing import Any

from projections.verify.expected import Expected, Found, check_log
from projections.verify.heads import compare_heads
from projections.verify.log_reader import Ends
from projections.verify.tables import Tables
from projections.verify.unread import about
from schemas.lifecycle import PlanStatus


def compare(expected: Expected, tables: Tables, starts: Ends, ends: Ends, *, of_all: bool = True) -> Found:
    """Return the differences, missing rows included, in the columns that a person decides by.

    `starts` and `ends` say which part of the log there is. `of_all`: what belongs to no plan is compared, too.
    """
    found = check_log(expected)
    _differences("plan", expected.plans, tables.plans, found)
    _differences("task", expected.tasks, tables.tasks, found)
    compare_heads(expected, tables.heads, found)
    shown = {place: id_ for place, id_ in tables.unfolded.items() if place in expected.ids} | tables.timeline
    _differences("timeline", _named(expected.ids), _named(shown), found)
    _differences("recovery", expected.recoveries, tables.recoveries, found)
    for id_, why in sorted(expected.unread.items()):
        for kind, what in about(id_, why, tables.unread.get(id_)):
            found[kind, f"letter {id_}"] = what
    _letters(expected, tables, starts, found)
    if of_all:
        _tally(tables, found)
        _lost_ends(tables, ends, found)
    for plan, (_, status) in expected.plans.items():
        if status == PlanStatus.ANALYZING and plan not in tables.watched:
            found["lost", f"analysis {plan}"] = f"plan {plan} is not analysed, and has no deadline by which it must be"
    for (stream, version), event_id in tables.published.items():
        known = expected.ids.get((stream, version))
        if known is None:
            found["lost", f"{stream} v{version}"] = f"{stream} version {version} was published and is not in the log"
        elif known != event_id:
            found["conflict", f"{stream} v{version}"] = f"{stream} version {version} was published with another id"
    return found


def _lost_ends(tables: Tables, ends: Ends, found: Found) -> None:
    for (topic, partition), at in tables.at.items():
        end = ends.get((topic, partition), at)
        if at > end:
            found["lost", f"{topic}/{partition}"] = (
                f"the read models are at {at} of {topic}/{partition}, which ends at {end}"
            )


def _letters(expected: Expected, tables: Tables, starts: Ends, found: Found) -> None:
    for id_, recent in expected.letters.items():
        if recent and id_ not in tables.letters:
            found["drift", f"letter {id_}"] = f"letter {id_} is missing"
    for id_, (topic, partition, offset) in tables.letters.items():
        if id_ not in expected.letters and offset >= starts.get((topic, partition), 0):
            found["drift", f"letter {id_}"] = f"letter {id_} is not in the log"


def _tally(tables: Tables, found: Found) -> None:
    """Compare what the database has counted with the rows themselves, where it counts."""
    there = Counter(tables.rows)
    for key in sorted(there.keys() | tables.tally.keys()) if tables.counts else ():
        if there[key] != tables.tally.get(key, 0):
            found["drift", f"count of {key}"] = (
                f"{tables.tally.get(key, 0)} of {key} are counted, there are {there[key]}"
            )


def _named(ids: dict[tuple[str, int], str]) -> dict[str, str]:
    return {f"{stream} v{version}": event_id for (stream, version), event_id in ids.items()}


def _differences(name: str, wanted: dict[str, Any], there: dict[str, Any], found: Found) -> None:
    for key, value in wanted.items():
        if key not in there:
            found["drift", f"{name} {key}"] = f"{name} {key} is missing"
        elif there[key] != value:
            found["drift", f"{name} {key}"] = f"{name} {key} is {there[key]}, the log says {value}"
    for key in there.keys() - wanted.keys():
        found["drift", f"{name} {key}"] = f"{name} {key} is not in the log"
