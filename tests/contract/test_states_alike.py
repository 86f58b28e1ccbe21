"""States and flags have the same names on every surface: in the database, the reads, the API, the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from gateway.alerts import alert
from gateway.alerts import words as alert_words
from gateway.cli.commands import alerts as alerts_command
from gateway.cli.commands import letter_options, retries, webhooks
from gateway.cli.commands.options import Priority
from gateway.cli.views import alerts as alert_views
from gateway.cli.views import draining as draining_views
from gateway.cli.views import operations as operation_views
from gateway.cli.views.words import PRIORITY_STYLES
from gateway.shapes import alerts as alert_shapes
from gateway.shapes import dead_letters as letter_shapes
from gateway.shapes import retries as retry_shapes
from gateway.shapes import webhooks as webhook_shapes
from gateway.shapes.operations import BreakerShape, DrainingShape, FlagName, RecoveryShape
from gateway.shapes.outbox import SetAsideShape
from gateway.shapes.system import FindingShape
from gateway.ui import states as looks
from gateway.ui.words import attempt_words, system_words
from gateway.verdict.traits import Severity
from gateway.verdict.words import terms
from local.blueprint import MEASURED
from local.chaos.faults.processes import LOGS
from projections.dead_letters import reads as letters
from projections.reads import alerts, attempts, draining, processes
from projections.reads import webhooks as webhook_reads
from projections.recoveries import projection as recoveries
from schemas.database import files
from schemas.database.grants import PROCESSES
from schemas.flags import Flag
from schemas.metrics import ALL
from schemas.phase1 import Origin
from schemas.plan import PRIORITIES
from tests.support.sources import python


def checked(table: str) -> list[str]:
    """Return the states that the database lets a row of a table have."""
    made = re.compile(rf"create table (?:if not exists )?{table} \(.*?check \(state in \(([^)]*)\)", re.DOTALL)
    (found,) = [match[1] for file in (*files().tables, *files().migrations) for match in made.finditer(file.sql)]
    return re.findall(r"'(\w+)'", found)


@pytest.mark.parametrize(
    ("one", "others"),
    [
        (
            checked("flow.alert"),
            [list(alert.State), alerts.STATES, get_args(alert_shapes.AlertState), list(alerts_command.State)],
        ),
        (checked("flow.parked"), [get_args(retry_shapes.RetryState), list(retries.State)]),
        (
            checked("flow.webhook_delivery"),
            [webhook_reads.STATES, get_args(webhook_shapes.DeliveryState), list(webhooks.State)],
        ),
        (list(letters.STATES), [get_args(letter_shapes.LetterState), list(letter_options.State)]),
    ],
    ids=["alerts", "retries", "deliveries", "letters"],
)
def test_a_state_is_the_same_wherever_it_is_named(one: list[str], others: list[list[str]]) -> None:
    assert len(one) >= 3
    assert [list(other) for other in others] == [one] * len(others)


def literals(shape: type[BaseModel], field: str) -> tuple[str, ...]:
    """Return the words that a field of the API can have."""
    return get_args(get_type_hints(shape)[field])


#: what -> its states, and whatever has to say something of each of them
SHOWN: Final[Mapping[str, tuple[Iterable[str], Sequence[Iterable[str]]]]] = {
    "alerts": (checked("flow.alert"), [looks.ALERT, alert_views.STATES, alert_words.STATES]),
    "severities": (
        Severity,
        [looks.SEVERITY, alert_views.SEVERITIES, alert_words.SEVERITIES, literals(FindingShape, "severity")],
    ),
    "messages": (
        checked("flow.alert_message"),
        [looks.SENT, alert_views.SENT, literals(alert_shapes.SentShape, "state")],
    ),
    "retries": (checked("flow.parked"), [looks.RETRY]),
    "letters": (letters.STATES, [looks.LETTER]),
    "replays": (checked("flow.replay_job"), [looks.JOB, literals(letter_shapes.JobShape, "state")]),
    "events set aside": (literals(SetAsideShape, "state"), [looks.ASIDE]),
    "breakers": (checked("flow.breaker"), [looks.BREAKER, operation_views.STATES, literals(BreakerShape, "state")]),
    "steps of a recovery": (
        recoveries.TYPES,
        [looks.RECOVERY, operation_views.STEPS, literals(RecoveryShape, "type")],
    ),
    "draining": (get_args(draining.State), [looks.DRAINING, draining_views.SAID, literals(DrainingShape, "state")]),
    "attempts": (get_args(attempts.Outcome), [attempt_words.OUTCOMES]),
    "jobs": (get_args(attempts.Job), [attempt_words.JOBS]),
    "priorities": (PRIORITIES, [looks.PRIORITY, PRIORITY_STYLES, Priority]),
    "origins of Phase 1": (get_args(Origin), [looks.ORIGIN]),
    "processes": (
        processes.ROLES,
        [system_words.ROLES, terms.ROLES, LOGS, {"gateway", *MEASURED}, {"gateway", *ALL}, chain(*PROCESSES.values())],
    ),
}


@pytest.mark.parametrize("what", SHOWN)
def test_of_each_state_there_is_something_to_say(what: str) -> None:
    states, said = SHOWN[what]
    expected = set(states)
    assert len(expected) >= 3
    assert [set(one) for one in said] == [expected] * len(said)


def flags_asked_for(sql: str) -> set[str]:
    """Return the flags that a text asks the database for: `name = '...'` after `flow.flag`, in the same statement."""
    return set(re.findall(r"\bflow\.flag\b[^;'\"]*?\bname = '(\w+)'", sql))


def test_a_flag_has_one_name() -> None:
    (flow,) = [file.sql for file in files().tables if "create table flow.flag " in file.sql]
    (rows,) = re.findall(r"insert into flow\.flag \(name\) values ([^;]*);", flow)
    assert re.findall(r"'(\w+)'", rows) == list(get_args(FlagName)) == list(terms.FLAGS) == list(Flag)


def test_whoever_asks_the_database_for_a_flag_asks_for_one_that_there_is() -> None:
    functions = [function.sql for function in files().functions]
    asked = [flags_asked_for(text) for text in (*functions, *python().values())]
    assert set().union(*asked) == {Flag.QUEUE_PROCESSING, Flag.CIRCUIT_BREAKER}
    assert flags_asked_for("select from flow.flag f where f.name = 'gravity' and not f.enabled") == {"gravity"}
