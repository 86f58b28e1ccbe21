"""What README tells of the first minutes is what happens: numbers, exit statuses, options, how long a link works."""

from __future__ import annotations

import inspect
import itertools
import re
import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from starlette.routing import Route

from gateway.cli.commands import keys
from gateway.cli.failures import Exit
from gateway.cli.main import app
from gateway.http.door import Resource
from gateway.ui.routes import ui_routes
from local.demo.system import LINK_MINUTES
from local.kafka_jars import locked
from local.samples import write_samples
from streams.analysis.rules.analyst import MODEL

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
#: Where a page sends what it changes -> the commands that do the same, with the options that they need for it.
CHANGED_BY = {
    "/plans/upload": ["upload"],
    "/plans/upload/mapping": ["upload --look", "upload --propose"],
    "/plans/upload/mapped": ["upload --map", "upload --anyway"],
    "/costs/upload": ["costs --tell", "costs --ads"],
    "/costs/correct": ["costs --change", "costs --delete"],
    "/costs/advertising/delete": ["costs --delete-ads"],
    "/mappings/{header_id}/change": ["mappings change"],
    "/mappings/{header_id}/forget": ["mappings forget"],
    "/plans/bulk": ["approve --all-waiting", "reject", "cancel"],
    "/plans/{plan_id}/phase1": ["approve --phase1"],
    "/plans/{plan_id}/erasure": ["erase"],
    "/plans/{plan_id}/channels": ["analyse --channel", "analyse --unnamed"],
    "/plans/{plan_id}/channels/{channel}/analysis": ["analyse --again"],
    "/plans/{plan_id}/recovery": ["recover", "move-on"],
    "/plans/team": ["teams move"],
    "/plans/recovery": ["recover --stalled"],
    "/plans/{plan_id}/phases": ["start-phase"],
    "/plans/{plan_id}/tasks": ["add-task"],
    "/plans/{plan_id}/{action}": ["approve", "reject", "cancel"],
    "/tasks/bulk": ["work"],
    "/tasks/{task_id}/text": ["change-task"],
    "/tasks/{task_id}/{action}": ["task"],
    "/retries/act": ["retries now", "retries give-up"],
    "/letters/act": ["letters replay", "letters discard"],
    "/letters/jobs/{job_id}/cancel": ["letters cancel"],
    "/letters/{record_id}/edit": ["letters edit"],
    "/set-aside/{seq}/edit": ["outbox edit"],
    "/set-aside/{seq}/removal": ["outbox remove"],
    "/alerts/test": ["alerts test"],
    "/alerts/{alert_id}/{action}": ["alerts ack", "alerts silence", "alerts unsilence"],
    "/keys": ["keys create"],
    "/keys/{key_id}/change": ["keys change"],
    "/keys/{key_id}/rotate": ["keys rotate"],
    "/keys/{key_id}/link": ["keys link"],
    "/keys/{key_id}/revoke": ["keys revoke"],
    "/people": ["people create"],
    "/people/{handle}/change": ["people change"],
    "/people/{handle}/link": ["people link"],
    "/people/{handle}/end": ["people end"],
    "/people/{handle}/erasure": ["erase"],
    "/teams": ["teams create"],
    "/teams/{team_id}/change": ["teams rename"],
    "/teams/{team_id}/close": ["teams close"],
    "/teams/{team_id}/members": ["teams add"],
    "/teams/{team_id}/out": ["teams remove"],
    "/teams/{team_id}/plans": ["teams move"],
    "/plans/{plan_id}/team": ["teams move"],
    "/sign-ins/reminders": ["people me"],
    "/sign-ins/{sign_in_id}/end": ["people sign-out"],
    "/webhooks": ["webhooks create"],
    "/webhooks/{webhook_id}/{action}": [
        "webhooks change --pause",
        "webhooks change --url",
        "webhooks rotate",
        "webhooks remove",
        "webhooks again --given-up",
    ],
    "/system/breaker": ["breaker trip", "breaker reset"],
    "/system/flag": ["flags on", "flags off"],
    "/system/process": ["drain --process"],
}
#: What a browser is told of itself.
OF_A_BROWSER = {"/login", "/logout", "/preferences"}


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield every command that does something, with what is typed for it."""
    of_a_group = getattr(command, "commands", None)
    if of_a_group is None:
        yield " ".join(path), command
        return
    for name, one in of_a_group.items():
        yield from commands(one, (*path, name))


@cache
def documents() -> int:
    """Return how many documents the demo uploads."""
    with tempfile.TemporaryDirectory() as folder:
        return len(write_samples(Path(folder), rows=20))


def test_whatever_a_page_changes_a_command_changes_too() -> None:
    changing = {
        route.path
        for route in ui_routes()
        if isinstance(route, Route)
        and isinstance(route.endpoint, Resource)
        and route.endpoint.operations.keys() - {"GET"}
    }
    assert changing == CHANGED_BY.keys() | OF_A_BROWSER
    there = dict(commands(typer.main.get_command(app)))
    options = {name: {opt for option in one.params for opt in option.opts} for name, one in there.items()}
    for typed in itertools.chain.from_iterable(CHANGED_BY.values()):
        name, _, option = typed.partition(" --")
        assert name in there, typed
        assert not option or f"--{option}" in options[name], typed


def test_every_command_takes_json() -> None:
    assert "Every command takes `--json`" in README
    all_of_them = dict(commands(typer.main.get_command(app)))
    assert {"plans", "letters replay", "keys create"} <= all_of_them.keys()
    without = {name for name, one in all_of_them.items() if not any("--json" in option.opts for option in one.params)}
    assert without == set()


def test_the_exit_statuses_are_as_told() -> None:
    told = re.search(r"^Exit status: (.+)\.$", README, re.MULTILINE)
    assert told is not None
    assert [int(number) for number in re.findall(r"\b\d+\b", told[1])] == sorted(Exit)


def test_the_pythons_are_those_that_it_runs_on() -> None:
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    first, end = (int(minor) for minor in re.findall(r"3\.(\d+)", needs))
    told = [f"3.{minor}" for minor in range(first, end)]
    for document in (README, (ROOT / "docs" / "CONTRIBUTING.md").read_text("utf-8")):
        assert f"Python {', '.join(told[:-1])} or {told[-1]}" in document


def test_a_link_is_good_for_as_long_as_told() -> None:
    assert f"(once, within {LINK_MINUTES} minutes; then with the key)" in README
    minutes = inspect.signature(keys.link).parameters["minutes"].default
    assert re.search(rf"one browser in, once, within {minutes} minutes", README.replace("\n", " "))


@pytest.mark.parametrize(
    "line",
    [
        "setup: installing {packages} locked packages",
        "Apache Kafka: jar {jars} of {jars}",
        "uploading {documents} documents",
        "approving {approved} plans",
        "DEMO OK plans={documents} ",
    ],
)
def test_the_demo_says_what_stands_in_the_example(line: str) -> None:
    """One plan waits for the reader's own decision; all others are approved."""
    packages = re.findall(r"^[\w.-]+==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    numbers = {
        "packages": len(packages),
        "jars": len(locked()),
        "documents": documents(),
        "approved": documents() - 1,
    }
    assert f"\n{line.format(**numbers)}" in README


def test_the_rules_in_the_example_are_those_of_today() -> None:
    assert set(re.findall(r"\brules-\d+\b", README)) == {MODEL}
