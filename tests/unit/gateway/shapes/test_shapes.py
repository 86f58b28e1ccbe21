"""The API gives what the read models give, field by field; where it gives more or less, this says so."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import ModuleType
from typing import Any, get_args, get_type_hints

import gateway.shapes
import projections
from gateway.shapes import alerts, attempts, dead_letters, operations, outbox, outcomes, phases, plans, slo, tasks
from gateway.shapes.shape import Given
from projections.dead_letters.reads import LetterDetail
from projections.plans.parts import LaterPhase
from projections.plans.reads import Plan
from projections.reads.alerts import Alert, Attempt, Silence
from projections.reads.attempts import Attempt as AgentsAttempt
from projections.reads.burning import Burning
from projections.reads.operations import StalledPlan
from projections.reads.paging import Page
from projections.reads.processes import Process
from projections.reads.replays import Job
from projections.reads.search import FoundProduct
from projections.reads.set_aside import SetAsideEvent
from projections.reads.teams import Team
from projections.tasks.reads import Task, TaskDetail

#: Two that share more than this of all their fields say the same.
ALIKE = 0.6
#: What an answer says besides what was read, since it depends on who asks and when, or is made of it.
MADE: dict[type, set[str]] = {
    alerts.AlertShape: {"consequences", "harm"},
    alerts.HarmShape: {"text"},
    dead_letters.JobDetailShape: {"done", "items", "next_after"},
    dead_letters.JobShape: {"done"},
    dead_letters.LetterDetailShape: {
        *("differences", "history", "trace_url", "value_base64", "withheld"),
        *("tried", "tried_before"),
    },
    outbox.SetAsideDetailShape: {"causation_id", "correlation_id", "data", "differences", "history", "original"},
    plans.PlanShape: {"actions", "phase1_preview", "reading", "verdict"},
    tasks.TaskDetailShape: {"actions"},
}
#: What is read for the gateway itself, or told in another form.
NOT_TOLD: dict[type, set[str]] = {
    Alert: {"finding", "follows"},
    LetterDetail: {"value"},
    Page: {"at_least"},
    Process: {"groups", "told_to_end"},
    Silence: {"finding"},  # `text` says it
    StalledPlan: {"action"},
    Task: {"typed"},  # for the language of its page
    TaskDetail: {"typed"},
    Team: {"closed"},
}
#: Alike by chance.
NO_PAIR = {
    (outcomes.BridgePartShape, FoundProduct),
    (phases.PhaseShape, LaterPhase),
    (slo.SpentShape, Burning),
}


@dataclass
class Written:
    planned: int
    at: int | None
    by: str


class WrittenShape(Given):
    planned: int
    at: int
    for_whom: str


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith(".__main__"):
            yield importlib.import_module(found.name)


def of(package: ModuleType) -> set[type]:
    return {
        one
        for module in modules(package)
        for one in vars(module).values()
        if isinstance(one, type) and one.__module__ == module.__name__
    }


@cache
def pairs() -> dict[type[Given], type]:
    """Return each shape with the dataclass that it is most like."""
    reads = {one: read(one) for one in of(projections) if is_dataclass(one)}
    found: dict[type[Given], type] = {}
    for shape in of(gateway.shapes):
        if not issubclass(shape, Given) or not shape.model_fields:
            continue
        told = set(shape.model_fields)
        shares = {
            one: len(told & has) / len(told | own)
            for one, (own, has) in reads.items()
            if own and (shape, one) not in NO_PAIR
        }
        best = max(shares, key=lambda one: shares[one])
        if shares[best] > ALIKE:
            found[shape] = best
    return found


def read(one: type) -> tuple[set[str], set[str]]:
    """Return the fields of a dataclass, and these with its properties."""
    own = {field.name for field in fields(one)}
    return own, own | {name for part in one.__mro__ for name, has in vars(part).items() if isinstance(has, property)}


def differences(shape: type[Given], one: type) -> tuple[set[str], set[str]]:
    """Return what a shape tells that is not read, and what is read and not told."""
    own, has = read(one)
    told = set(shape.model_fields)
    return told - has, own - told


def none_refused(shape: type[Given], one: type) -> set[str]:
    """Return the fields that can be None as they are read, and not as they are told."""
    hints = get_type_hints(one)
    told = {name: field.annotation for name, field in shape.model_fields.items()}
    return {name for name in hints.keys() & told.keys() if can_be_none(hints[name]) and not can_be_none(told[name])}


def can_be_none(hint: Any) -> bool:
    return hint is Any or type(None) in get_args(hint)


def test_the_pairs_are_found() -> None:
    found = pairs()
    assert len(found) > 50
    assert found[plans.PlanShape] is Plan
    assert found[tasks.TaskDetailShape] is TaskDetail
    assert found[dead_letters.JobShape] is found[dead_letters.JobDetailShape] is Job
    assert found[outbox.SetAsideShape] is SetAsideEvent
    assert (found[alerts.AttemptShape], found[attempts.AttemptShape]) == (Attempt, AgentsAttempt)
    assert operations.ProcessShape in found
    assert MADE.keys() <= found.keys()
    assert NOT_TOLD.keys() <= set(found.values())


def test_a_shape_has_the_fields_of_what_is_read() -> None:
    wrong = {
        shape.__name__: different
        for shape, one in pairs().items()
        if (different := differences(shape, one)) != (MADE.get(shape, set()), NOT_TOLD.get(one, set()))
    }
    assert wrong == {}


def test_what_can_be_none_is_told_as_such() -> None:
    assert {shape.__name__: names for shape, one in pairs().items() if (names := none_refused(shape, one))} == {}


def test_a_difference_is_seen() -> None:
    assert differences(WrittenShape, Written) == ({"for_whom"}, {"by"})
    assert none_refused(WrittenShape, Written) == {"at"}
