"""States that several surfaces name are the same on each: in the database, the reads, the API, the command line."""

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
from projections.dead_letters import reads as letters
from projections.reads import alerts
from projections.reads import webhooks as webhook_reads
from schemas.database import files


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
