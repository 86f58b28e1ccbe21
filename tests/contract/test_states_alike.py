"""States and flags have the same names on every surface: in the database, the reads, the API, the command line."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from gateway.alerts import alert
from gateway.cli.commands import alerts as alerts_command
from gateway.cli.commands import letter_options, retries, webhooks
from gateway.shapes import alerts as alert_shapes
from gateway.shapes import dead_letters as letter_shapes
from gateway.shapes import retries as retry_shapes
from gateway.shapes import webhooks as webhook_shapes
from gateway.shapes.operations import FlagName
from gateway.verdict.words import terms
from projections.dead_letters import reads as letters
from projections.reads import alerts
from projections.reads import webhooks as webhook_reads
from schemas.database import files
from schemas.flags import Flag
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
