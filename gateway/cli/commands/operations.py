"""For operators: circuit breakers, feature flags, the recovery log."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.cli.client import PLANS
from gateway.cli.commands.options import Channels, Id, Ids, Limit, Plan, Yes, split
from gateway.cli.failures import Exit, Failure
from gateway.cli.ids import plan_id
from gateway.cli.terminal import Json, Terminal, terminal_of
from gateway.cli.views import operations as views
from gateway.cli.views.words import plain
from schemas.flags import Flag

BREAKERS, FLAGS, RECOVERIES = "/api/system/breakers", "/api/system/flags", "/api/system/recoveries"
RECOVERY = f"{PLANS}/recovery"
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; others see it.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="As the list names it.", show_default=False)]


FlagName = Annotated[Flag, typer.Argument(metavar="NAME", help=f"One of {', '.join(Flag)}.", show_default=False)]


def register(app: typer.Typer) -> None:
    breaker = typer.Typer(help="Circuit breakers: what is held back, and until when.", no_args_is_help=True)
    breaker.command("list")(breakers)
    breaker.command("trip")(trip)
    breaker.command("reset")(reset)
    app.add_typer(breaker, name="breaker")
    flags = typer.Typer(help="Features that can be switched off.", no_args_is_help=True)
    flags.command("list")(list_flags)
    flags.command("on")(switch_on)
    flags.command("off")(switch_off)
    app.add_typer(flags, name="flags")
    app.command("recoveries")(recoveries)
    app.command("recover")(recover)
    app.command("move-on")(move_on)


def breakers(context: typer.Context, as_json: Json = False) -> None:
    """List the circuit breakers, those that are not closed first.

    --json: {"items": [{name, state, failures, openedAt, retryAt, reason, forced, changedAt,
    nextCallProbes}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    document = terminal.client.get(BREAKERS)
    terminal.show(document, lambda: views.breakers(document["items"]))
    if not document["items"]:
        terminal.note("There is none yet: a runner with an agent makes its own known.")


def trip(
    context: typer.Context,
    name: Name,
    reason: Reason = "",
    for_seconds: Annotated[
        float | None, typer.Option("--for", min=1, max=86_400, help="Seconds; without it until it is reset.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Open a breaker: calls to what it guards are held back, and plans wait for it, past their deadlines too.

    --json: {"name", "outcome"}.
    """
    _act(context, {"name": name, "action": "trip", "reason": reason, "forSeconds": for_seconds}, as_json)


def reset(context: typer.Context, name: Name, reason: Reason = "", as_json: Json = False) -> None:
    """Close a breaker: calls go again at once.

    --json: {"name", "outcome"}.
    """
    _act(context, {"name": name, "action": "reset", "reason": reason}, as_json)


def list_flags(context: typer.Context, as_json: Json = False) -> None:
    """List the features, and who switched each last.

    --json: {"items": [{name, enabled, reason, changedBy, changedAt}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    document = terminal.client.get(FLAGS)
    terminal.show(document, lambda: views.flags(document["items"]))


def switch_on(context: typer.Context, name: FlagName, reason: Reason = "", as_json: Json = False) -> None:
    """Switch a feature on.

    --json: {"name", "outcome"}.
    """
    _switch(context, name, enabled=True, reason=reason, as_json=as_json)


def switch_off(context: typer.Context, name: FlagName, reason: Reason, as_json: Json = False) -> None:
    """Switch a feature off, everywhere within a second or two. The dashboard says that it is off.

    --json: {"name", "outcome"}.
    """
    if not reason.strip():
        raise Failure("Say why", "Give --reason: everybody sees it while it is off.", exit_status=Exit.USAGE)
    _switch(context, name, enabled=False, reason=reason, as_json=as_json)


def recoveries(
    context: typer.Context,
    plan: Plan = "",
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """Show what stalled, why, what was done about it and whether it helped, newest first.

    --json: {"items": [{planId, title, version, type, at, cause, action, attempt, evidence, ...}, ...]}.
    """
    terminal = terminal_of(context, as_json)
    params = {"plan": plan_id(terminal.client, plan)} if plan else {}
    rows = list(terminal.client.pages(RECOVERIES, params, limit))
    terminal.show({"items": rows}, lambda: views.recoveries(rows))
    if not rows:
        terminal.note("Nothing has stalled.")


def recover(
    context: typer.Context,
    ids: Ids = None,
    stalled: Annotated[bool, typer.Option("--stalled", help="All plans that stand still, after a question.")] = False,
    reason: Reason = "",
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Have the watchdog recover plans that wait for the system at once, before their deadlines, too.

    --json: {"planId", "outcome"}; of several, or with --stalled, {"results": [{"planId", "outcome"}, ...]}.
    """
    if bool(ids) == stalled:
        raise Failure("Say which plans", "Give ids, or --stalled.", exit_status=Exit.USAGE)
    if ids and len(ids) == 1:
        _ask(context, ids[0], {"how": "recover", "reason": reason}, as_json)
        return
    terminal = terminal_of(context, as_json)
    if ids:
        whole = [plan_id(terminal.client, one) for one in ids]
        results = terminal.client.send("POST", RECOVERY, {"ids": whole, "reason": reason})["results"]
    else:
        results = _all_stalled(terminal, reason, yes=yes)
    told = [f"{one['planId']}: {one['outcome']}" for one in results]
    terminal.show({"results": results}, lambda: plain("\n".join(told)))
    asked = sum(one["outcome"] == "accepted" for one in results)
    terminal.note(f"{asked} of {len(results)} plans will be recovered; marketplace recoveries tells on")


def _all_stalled(terminal: Terminal, reason: str, *, yes: bool) -> list[dict[str, Any]]:
    """Request recoveries until no stalled plan is left; the gateway leaves out plans that have a request already."""
    count = terminal.client.get(PLANS, {"stalled": "true", "total": "true", "limit": 1})["total"]
    if count and not yes and not terminal.confirm(f"{count} plans stand still. Recover them at once?"):
        raise Failure("Nothing was done")
    results: list[dict[str, Any]] = []
    left = count
    while left:
        said = terminal.client.send("POST", RECOVERY, {"stalled": True, "reason": reason})
        results += said["results"]
        left = said["left"] if said["results"] else 0
    return results


def move_on(
    context: typer.Context, identity: Id, reason: Reason, channel: Channels = None, as_json: Json = False
) -> None:
    """Let a plan go on without what it waits for: the rules analyse what is missing, or Phase 1 is made now.

    With --channel only the analysis of these is given up.

    --json: {"planId", "outcome"}.
    """
    _ask(context, identity, {"how": "move_on", "reason": reason, "channels": split(channel)}, as_json)


def _ask(context: typer.Context, identity: str, body: dict[str, Any], as_json: bool) -> None:
    terminal = terminal_of(context, as_json)
    plan = plan_id(terminal.client, identity)
    said = terminal.client.send("POST", f"{PLANS}/{plan}/recovery", body)
    terminal.show(said, lambda: plain(f"{plan}: {said['outcome']}; marketplace recoveries --plan {plan[:8]} tells on"))


def _act(context: typer.Context, body: dict[str, Any], as_json: bool) -> None:
    terminal = terminal_of(context, as_json)
    said = terminal.client.send("PATCH", BREAKERS, body)
    terminal.show(said, lambda: plain(f"{said['name']}: {said['outcome']}"))


def _switch(context: typer.Context, name: Flag, *, enabled: bool, reason: str, as_json: bool) -> None:
    terminal = terminal_of(context, as_json)
    said = terminal.client.send("PATCH", FLAGS, {"name": str(name), "enabled": enabled, "reason": reason})
    terminal.show(said, lambda: plain(f"{said['name']} is {'on' if enabled else 'off'} ({said['outcome']})"))
