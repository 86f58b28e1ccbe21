"""Who did what, from where."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.commands.options import All, Limit, Plan, split
from gateway.cli.ids import plan_id_if_given
from gateway.cli.taking import Force, How, downloaded, form_of, take
from gateway.cli.terminal import Json, terminal_of
from gateway.cli.views import audit as view
from gateway.exports.writing import Form

AUDIT = "/api/audit"


def register(app: typer.Typer) -> None:
    app.command("audit")(audit)


def audit(
    context: typer.Context,
    actor: Annotated[str, typer.Option("--actor", help="The name of the key, as a whole.")] = "",
    action: Annotated[list[str] | None, typer.Option("--action", help="Such as plan.approve; several times.")] = None,
    plan: Plan = "",
    address: Annotated[str, typer.Option("--address", help="From where: the whole address.")] = "",
    day: Annotated[str, typer.Option("--day", help="A day, UTC, such as 2026-11-30.")] = "",
    limit: Limit = 20,
    every: All = False,
    file: Annotated[str, typer.Option("--file", help="Write all that fit to this file: .csv, .xlsx.")] = "",
    form: How = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """List who did what, from where, newest first. Role admin. `marketplace verify` sees that nothing was changed.

    --json: {"items": [{entryId, at, actor, keyId, address, action, kind, target, planId, outcome, before, after,
    reason, requestId, position}, ...]}; with --file {"file", "format", "rows", "more"}: `more` fit than a file takes,
    which are 100,000. No cell of it is taken for a formula, and that it was taken is in the audit, too.
    """
    terminal = terminal_of(context, as_json)
    params = {
        "actor": actor,
        "action": split(action),
        "plan": plan_id_if_given(terminal.client, plan),
        "address": address,
        "day": day,
    }
    if file:
        chosen = form_of(file, form, (Form.CSV, Form.XLSX))
        take(terminal, file, chosen, downloaded(terminal, "audit", chosen, params), force=force)
        return
    rows = list(terminal.client.pages(AUDIT, params, None if every else limit))
    terminal.show({"items": rows}, lambda: view.entries(rows))
    if not rows:
        terminal.note("Nothing that was done fits.")
