"""Alerts: see them, say that somebody sees to one, silence one, try a notifier."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from gateway.cli.commands.options import All, Id, Limit, split
from gateway.cli.failures import Exit, Failure
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.times import length_s
from gateway.cli.views import alerts as views
from gateway.cli.views.words import plain

ALERTS: Final = "/api/alerts"
#: How often it is looked what has become of a test, and for how long.
LOOK_S: Final = 0.5
TEST_S: Final = 30.0
Note = Annotated[str, typer.Option("--note", "-n", help="What you do about it; it is kept with the alert.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; everybody sees it.")]


class State(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SILENCED = "silenced"
    RESOLVED = "resolved"


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Alerts: what is told outside of the system.", no_args_is_help=True)
    group.command("list")(list_alerts)
    group.command("show")(show)
    group.command("ack")(acknowledge)
    group.command("silence")(silence)
    group.command("unsilence")(unsilence)
    group.command("silences")(silences)
    group.command("test")(try_notifier)
    app.add_typer(group, name="alerts")


def list_alerts(
    context: typer.Context,
    states: Annotated[list[State] | None, typer.Option("--state", "-s", help="Those that go on if not given.")] = None,
    limit: Limit = 20,
    every: All = False,
    as_json: Json = False,
) -> None:
    """List alerts, the latest first.

    --json: {"items": [{alertId, key, kind, severity, state, text, openedAt, resolvedAt, sent, ...}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    found = list(terminal.client.pages(ALERTS, {"state": split(states)}, None if every else limit))
    terminal.show({"items": found}, lambda: views.alerts(found))
    if not found:
        terminal.note("No alert.")


def show(context: typer.Context, alert: Id, as_json: Json = False) -> None:
    """Show an alert: cause, what to do, and every attempt to tell of it.

    --json: as GET /api/alerts/{id}.
    """
    terminal = terminal_of(context, as_json)
    found = terminal.client.get(f"{ALERTS}/{_meant(terminal, alert)}")
    terminal.show(found, lambda: views.alert(found))


def acknowledge(context: typer.Context, alert: Id, note: Note = "", as_json: Json = False) -> None:
    """Say that you work on an alert: it is not escalated. The message that it is over is still sent.

    --json: {"alertId", "outcome"}.
    """
    terminal = terminal_of(context, as_json)
    path = f"{ALERTS}/{_meant(terminal, alert)}/acknowledge"
    _done(terminal, terminal.client.send("POST", path, {"note": note}), "You see to it.")


def silence(
    context: typer.Context,
    alert: Id,
    reason: Reason,
    length: Annotated[str, typer.Option("--for", "-f", help="For how long, such as 30min, 4h or 2d.")] = "1h",
    as_json: Json = False,
) -> None:
    """Send nothing about an alert for a while but that it is over, however often it begins again.

    --json: {"alertId", "outcome"}.
    """
    terminal = terminal_of(context, as_json)
    body = {"forSeconds": _seconds(length), "reason": reason}
    path = f"{ALERTS}/{_meant(terminal, alert)}/silence"
    _done(
        terminal, terminal.client.send("POST", path, body), f"Nothing of it is told for {length} but that it is over."
    )


def unsilence(context: typer.Context, alert: Id, as_json: Json = False) -> None:
    """End a silence. If the alert still goes on, a message is sent now.

    --json: {"alertId", "outcome"}.
    """
    terminal = terminal_of(context, as_json)
    path = f"{ALERTS}/{_meant(terminal, alert)}/silence"
    _done(terminal, terminal.client.send("DELETE", path, {}), "It is told again.")


def silences(context: typer.Context, as_json: Json = False) -> None:
    """List the silences that go on, also those of alerts that are over. `unsilence` ends one.

    --json: {"items": [{alertId, key, kind, over, text, until, reason, silencedBy, silencedAt}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    found = list(terminal.client.pages(f"{ALERTS}/silences", {}, None))
    terminal.show({"items": found}, lambda: views.silences(found))
    if not found:
        terminal.note("Nothing is silenced.")


def try_notifier(
    context: typer.Context,
    notifier: Annotated[str, typer.Argument(help="Such as slack, email, pagerduty, webhook or apprise-1.")],
    as_json: Json = False,
) -> None:
    """Send a test message by one notifier, and say whether it arrived.

    --json: {notifier, state, attempts, error, tries: [{outcome, seconds, detail}, ...], escalates}; exit status 1
    if it did not.
    """
    terminal = terminal_of(context, as_json)
    made = terminal.client.send("POST", f"{ALERTS}/test", {"notifier": notifier})
    deadline = time.monotonic() + TEST_S
    while True:
        found = terminal.client.get(f"{ALERTS}/messages/{made['messageId']}")
        failed = any(one["outcome"] == "failed" for one in found["tries"])
        if found["state"] != "waiting" or failed or time.monotonic() > deadline:
            break
        time.sleep(LOOK_S)
    escalates = bool(made.get("escalates", True))  # a gateway of before does not say it
    terminal.show({**found, "escalates": escalates}, lambda: views.tried(found, escalates=escalates))
    if found["state"] != "sent":
        raise typer.Exit(Exit.REFUSED)


def _meant(terminal: Terminal, given: str) -> str:
    """Return the whole id of an alert. Raises Failure where none, or more than one, begins like that."""
    if len(given) == 36:
        return given
    states = [str(state) for state in State]
    ids = [row["alertId"] for row in terminal.client.pages(ALERTS, {"state": states}, 500)]
    found = [one for one in ids if one.startswith(given.lower())]
    if len(found) != 1:
        why = "No alert" if not found else f"{len(found)} alerts"
        raise Failure(f"{why} with an id that begins with {given!r}", exit_status=Exit.USAGE)
    return str(found[0])


def _seconds(length: str) -> float:
    seconds = length_s(length)
    if seconds is None:
        raise Failure(f"{length!r} is not a length of time", "Write 30min, 4h or 2d.", exit_status=Exit.USAGE)
    return seconds


def _done(terminal: Terminal, answer: dict[str, Any], text: str) -> None:
    said = text if answer["outcome"] == "accepted" else "It was so before: nothing changed."
    terminal.show(answer, lambda: plain(said))
