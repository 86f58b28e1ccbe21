"""Decide on plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import typer

from gateway.cli.client import PLANS
from gateway.cli.commands import given_phase1
from gateway.cli.commands.options import Id, Ids, Timeout, Yes
from gateway.cli.commands.watching import Waiter, has_its_tasks
from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import tables
from gateway.cli.views.words import DECISIONS
from schemas.lifecycle import PLAN, PlanAction, PlanStatus

#: The API takes so many plans at once.
CHUNK: Final = 1000
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it is kept in the plan's history.")]


def register(app: typer.Typer) -> None:
    app.command(PlanAction.APPROVE.value)(approve)
    app.command("start-phase")(start_phase)
    for action, (text, insists) in DECISIONS.items():
        app.command(action.value, help=f"{text}\n\n--json: as for approve.")(_deciding(action, insists=insists))


def approve(
    context: typer.Context,
    identities: Ids = None,
    all_waiting: Annotated[bool, typer.Option("--all-waiting", help="Every plan that awaits approval.")] = False,
    reason: Reason = "",
    phase1: Annotated[
        str,
        typer.Option(
            "--phase1", metavar="FILE", help="Phase 1 of your own as JSON, - for stdin; one plan, role operator."
        ),
    ] = "",
    version: Annotated[
        int | None,
        typer.Option(
            "--version", min=1, help="The version that you read; one plan. Needed where a channel was analysed again."
        ),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until all tasks are there.")] = False,
    timeout: Timeout = 60.0,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Approve plans: Phase 1 becomes tasks. With --phase1 it is yours, in place of the plan's or the fallback's.

    `marketplace show ID --json` has what an approval would make, as phase1Preview.

    --json: {"results": [{planId, outcome, status, version, problem?}, ...]}; exit status 1 if one was refused.
    """
    terminal = terminal_of(context, as_json)
    if all_waiting == bool(identities):
        raise Failure("Say which plans", "Give their ids, or --all-waiting.", exit_status=Exit.USAGE)
    if phase1 and (all_waiting or len(identities or []) != 1):
        raise Failure("Say which plan", "--phase1 is for one plan: give its id.", exit_status=Exit.USAGE)
    if version is not None and (all_waiting or len(identities or []) != 1):
        raise Failure("Say which plan", "--version is of one plan: give its id.", exit_status=Exit.USAGE)
    given = given_phase1.read(phase1, reason) if phase1 else None
    if all_waiting:
        results = _approve_waiting(terminal, reason, yes=yes)
    else:
        ids = [plan_id(terminal.client, one) for one in identities or []]
        if given is None and version is None:
            results = decide(terminal, "approve", ids, reason)
        else:
            results = [_approve_one(terminal, ids[0], reason, given, version)]
    if wait:
        _wait_for_tasks(terminal, results, timeout)
    _finish(terminal, results)


def start_phase(
    context: typer.Context,
    identity: Id,
    phase: Annotated[int | None, typer.Option("--phase", min=2, help="Its number; the next one if not given.")] = None,
    as_json: Json = False,
) -> None:
    """Have the next phase of a plan begin: its steps become tasks. Asked twice, there are no other tasks.

    It can begin once every task of the phase before has ended. `marketplace show ID` says which one is next.

    --json: {planId, outcome, status, version, links}.
    """
    terminal = terminal_of(context, as_json)
    plan = plan_id(terminal.client, identity)
    if phase is None:
        following = terminal.client.get(f"{PLANS}/{plan}")["nextPhase"]
        if following is None:
            raise Failure("No phase can begin now", f"marketplace show {plan[:8]} says how the plan stands.")
        phase = following["number"]
    answer = terminal.client.send("POST", f"{PLANS}/{plan}/phases", {"number": phase})
    terminal.show(answer, lambda: tables.results([answer], "plan"))


def _deciding(action: PlanAction, *, insists: bool) -> Callable[..., None]:
    """Return the command of an action that takes ids and a reason."""

    def with_reason(context: typer.Context, identities: Ids, reason: Reason, as_json: Json = False) -> None:
        _decide_all(terminal_of(context, as_json), action, identities, reason)

    def with_or_without(context: typer.Context, identities: Ids, reason: Reason = "", as_json: Json = False) -> None:
        _decide_all(terminal_of(context, as_json), action, identities, reason)

    return with_reason if insists else with_or_without


def decide(
    terminal: Terminal, action: str, ids: list[str], reason: str, versions: Mapping[str, int] | None = None
) -> list[dict[str, Any]]:
    """Send one decision on many plans and return a result for each. `versions`: those that were shown."""
    results: list[dict[str, Any]] = []
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        body: dict[str, Any] = {"action": action, "ids": some, "reason": reason}
        if versions:
            body["versions"] = {one: versions[one] for one in some}
        results += terminal.client.send("POST", f"{PLANS}/bulk", body)["results"]
    return results


def _approve_waiting(terminal: Terminal, reason: str, *, yes: bool) -> list[dict[str, Any]]:
    """Approve what waits as it was listed: what has changed since is refused."""
    rows = list(terminal.client.pages(PLANS, {"status": PlanStatus.AWAITING_APPROVAL.value}, None))
    listed = {str(row["planId"]): int(row["version"]) for row in rows}
    if listed and not yes:
        terminal.err.print(tables.plans(rows))
        if not terminal.confirm(f"Approve these {len(listed)} plans?"):
            raise Failure("Nothing was approved")
    return decide(terminal, "approve", list(listed), reason, listed)


def _approve_one(
    terminal: Terminal, identity: str, reason: str, phase1: dict[str, Any] | None, version: int | None
) -> dict[str, Any]:
    body = {"action": "approve", "reason": reason, **({"phase1": phase1} if phase1 else {})}
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    answer = terminal.client.send("PATCH", f"{PLANS}/{identity}", body, headers)
    return {name: answer[name] for name in ("planId", "outcome", "status", "version")}


def _decide_all(terminal: Terminal, action: str, identities: list[str] | None, reason: str) -> None:
    if not identities:
        raise Failure("Say which plans", "Give their ids.", exit_status=Exit.USAGE)
    _finish(terminal, decide(terminal, action, [plan_id(terminal.client, one) for one in identities], reason))


def _finish(terminal: Terminal, results: list[dict[str, Any]]) -> None:
    terminal.show({"results": results}, lambda: tables.results(results, "plan"))
    if not results:
        terminal.note("No plan awaits approval.")
    if any(one["outcome"] not in {"accepted", "unchanged"} for one in results):
        raise typer.Exit(Exit.REFUSED)


def _wait_for_tasks(terminal: Terminal, results: list[dict[str, Any]], timeout: float) -> None:
    waiter = Waiter(timeout)
    waiting = {one["planId"]: one for one in results if one["outcome"] in {"accepted", "unchanged"}}
    with terminal.err.status("waiting for the tasks"):
        while waiting:
            for identity, result in list(waiting.items()):  # a plan that somebody gave up meanwhile gets no more tasks
                found = waiter.ask(lambda path=f"{PLANS}/{identity}": terminal.client.get(path))  # type: ignore[misc] # mypy cannot infer a lambda with a default
                if found is not None and (found["status"] in PLAN.given_up or has_its_tasks(found)):
                    result.update(status=found["status"], version=found["version"])
                    del waiting[identity]
            if waiting and not waiter.pause():
                raise Failure(
                    f"{len(waiting)} plans do not have all their tasks after {timeout:.0f} s",
                    f"{', '.join(waiting)} are approved; what happens to them goes on.",
                    hints=("See what is wrong: marketplace doctor",),
                )
