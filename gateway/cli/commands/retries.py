"""Records that wait for another attempt: see them, try them now, give them up."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from gateway.cli.commands.options import All, Limit, Plan, SomeRecords, Watch, Yes, split
from gateway.cli.commands.watching import watch
from gateway.cli.failures import Exit, Failure, Refused
from gateway.cli.ids import plan_id_if_given
from gateway.cli.record_ids import meant
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import letters as views

RETRIES = "/api/retries"
#: Records that one request decides about: far within the gateway's timeouts.
PART: Final = 500
#: Outcomes that are no refusal where all that fit were meant: it is not for them any more, or goes with another one.
PASSED: Final = frozenset({"resolved", "behind"})
Code = Annotated[list[str] | None, typer.Option("--code", help="Cause of the last failure; several times for several.")]
Types = Annotated[list[str] | None, typer.Option("--type", help="Type of the event; several times for several.")]
Groups = Annotated[list[str] | None, typer.Option("--group", help="Consumer group; several times for several.")]
Every = Annotated[bool, typer.Option("--all", help="All that waits.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it is kept with the record.")]


class State(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    GIVEN_UP = "given_up"


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Records that wait for another attempt.", no_args_is_help=True)
    group.command("list")(list_retries)
    group.command("now")(retry_now)
    group.command("give-up")(give_up)
    app.add_typer(group, name="retries")


def list_retries(
    context: typer.Context,
    states: Annotated[list[State] | None, typer.Option("--state", "-s", help="waiting if not given.")] = None,
    code: Code = None,
    kind: Types = None,
    group: Groups = None,
    plan: Plan = "",
    limit: Limit = 20,
    every: All = False,
    live: Watch = False,
    as_json: Json = False,
) -> None:
    """List records that wait for another attempt, the next one first.

    --json: {"items": [{recordId, state, type, attempt, code, message, behind, dueAt, ...}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    params = {
        "state": split(states),
        "code": code or [],
        "type": kind or [],
        "group": group or [],
        "plan": plan_id_if_given(terminal.client, plan),
    }

    def rows() -> list[dict[str, Any]]:
        return list(terminal.client.pages(RETRIES, params, None if every else limit))

    if live:
        watch(terminal, lambda: views.retries(rows()))
        return
    found = rows()
    terminal.show({"items": found}, lambda: views.retries(found))
    if not found:
        terminal.note("No record waits.")


def retry_now(
    context: typer.Context,
    records: SomeRecords = None,
    code: Code = None,
    plan: Plan = "",
    every: Every = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Try records at once instead of at their time: single ones, or all that fit the options.

    Those that wait behind another one go with it. Where all that fit are meant it is no refusal that one was handled
    meanwhile, or waits for an earlier one of its plan.

    --json: {"results": [{recordId, outcome, problem?}, ...]}; exit status 1 if one was refused.
    """
    terminal = terminal_of(context, as_json)
    if records:
        _named_only(code, plan, every=every)
        finish(terminal, _act(terminal, "now", [meant(one) for one in records], {}, named=True))
        return
    fitting = [row["recordId"] for row in _fitting(terminal, code, plan, every=every) if not row["behind"]]
    if _agreed(terminal, f"Try {_waiting(len(fitting))} now?", len(fitting), yes=yes):
        finish(terminal, _act(terminal, "now", fitting, {}), also_good=PASSED)


def give_up(
    context: typer.Context,
    reason: Reason,
    records: SomeRecords = None,
    code: Code = None,
    plan: Plan = "",
    every: Every = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Make dead letters of records, single ones or all that fit the options; what waits behind them goes on.

    --json: as for now.
    """
    terminal = terminal_of(context, as_json)
    if records:
        _named_only(code, plan, every=every)
        finish(terminal, _act(terminal, "give-up", [meant(one) for one in records], {"reason": reason}, named=True))
        return
    # the last one of a plan first: giving up the first one sends those behind it on their way
    rows = sorted(_fitting(terminal, code, plan, every=every), key=lambda row: -int(row["offset"]))
    fitting = [row["recordId"] for row in rows]
    if _agreed(terminal, f"Give up {_waiting(len(fitting))}?", len(fitting), yes=yes):
        finish(terminal, _act(terminal, "give-up", fitting, {"reason": reason}), also_good=PASSED)


def _named_only(code: list[str] | None, plan: str, *, every: bool) -> None:
    if code or plan or every:
        raise Failure("Give records or options, not both", "Options choose among all.", exit_status=Exit.USAGE)


def _fitting(terminal: Terminal, code: list[str] | None, plan: str, *, every: bool) -> list[dict[str, Any]]:
    if not (code or plan or every):
        raise Failure("Say which records", "Give records, --code, --plan or --all.", exit_status=Exit.USAGE)
    whole = plan_id_if_given(terminal.client, plan)
    return list(terminal.client.pages(RETRIES, {"state": ["waiting"], "code": code or [], "plan": whole}, None))


def _agreed(terminal: Terminal, question: str, count: int, *, yes: bool) -> bool:
    """Say whether to go on; raises Failure where a person says no."""
    if not count:
        finish(terminal, [])
        terminal.note("No record waits that fits.")
        return False
    if not yes and not terminal.confirm(question):
        raise Failure("Nothing was done")
    return True


def _waiting(count: int) -> str:
    return "1 waiting record" if count == 1 else f"{count} waiting records"


def _act(
    terminal: Terminal, action: str, ids: list[str], more: dict[str, str], *, named: bool = False
) -> list[dict[str, Any]]:
    """Send the action in chunks; return the result of each record. Raises Refused for a single one that was `named`."""
    results: list[dict[str, Any]] = []
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        try:
            answer = terminal.client.send("POST", f"{RETRIES}/{action}", {"recordIds": part, **more})
        except Refused as refused:
            # the API refuses a single record with a problem; here it may be the last one of many
            if (named and len(ids) == 1) or len(part) > 1 or refused.status not in {404, 409}:
                raise
            status = refused.problem.get("currentStatus")
            outcome = "not_found" if status is None else "behind" if status == "behind" else "resolved"
            answer = {"results": [{"recordId": part[0], "outcome": outcome, "problem": refused.problem}]}
        results += answer["results"]
        if len(results) < len(ids):
            terminal.note(f"{len(results)} of {len(ids)} records have had their turn")
    return results


def finish(terminal: Terminal, results: list[dict[str, Any]], also_good: Collection[str] = ()) -> None:
    """Show what became of each record; exit status 1 if one was refused."""
    terminal.show({"results": results}, lambda: views.results(results))
    if any(one["outcome"] not in views.GOOD and one["outcome"] not in also_good for one in results):
        raise typer.Exit(Exit.REFUSED)
