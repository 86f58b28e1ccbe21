"""The addresses of the pages, and who may open each."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount

from gateway.access.roles import Role
from gateway.http.door import Operation, pages, resource
from gateway.ui import actions
from gateway.ui.pages import (
    again,
    alerts,
    audit,
    costs,
    dry_run,
    erasure,
    figure,
    history,
    keys,
    letters,
    login,
    mapping,
    mappings,
    overview,
    phase1,
    phases,
    plan,
    plans,
    recovery,
    replays,
    retries,
    runbooks,
    search,
    slo,
    system,
    tasks,
    upload,
    webhooks,
)
from gateway.ui.rendering import STATIC
from gateway.ui.static_files import HashedFiles


def ui_routes() -> list[BaseRoute]:
    """Return every page, and the files that they need."""
    look, act, operate = Role.VIEWER, Role.ANALYST, Role.OPERATOR
    sending, looking, confirming, telling = (
        Operation(
            handler,
            act,
            "uploads",
            streams=True,
            page=True,
            hidden=True,
            media="text/html",
            takes="multipart/form-data",
        )
        for handler in (upload.receive, mapping.look, mapping.confirm, costs.upload)
    )
    return [
        Mount("/static", HashedFiles(directory=STATIC), name="static"),
        pages("/login", GET=(login.show, None), POST=(login.sign_in, None)),
        pages("/logout", POST=(login.sign_out, look)),
        pages("/preferences", POST=(login.prefer, look)),
        pages("/", GET=(overview.show, look)),
        pages("/plans", GET=(plans.show, look)),
        resource("/plans/upload", POST=sending),
        resource("/plans/upload/mapping", POST=looking),
        resource("/plans/upload/mapped", POST=confirming),
        pages("/costs", GET=(costs.show, look)),
        resource("/costs/upload", POST=telling),
        pages("/costs/correct", POST=(costs.correct, act)),
        pages("/costs/advertising/delete", POST=(costs.delete_report, act)),
        pages("/mappings", GET=(mappings.show, look)),
        pages("/mappings/{header_id}/change", POST=(mappings.change, act)),
        pages("/mappings/{header_id}/forget", POST=(mappings.forget, act)),
        pages("/plans/bulk", POST=(actions.on_plans, act)),
        pages("/plans/{plan_id}", GET=(plan.show, look)),
        pages("/plans/{plan_id}/phase1", GET=(phase1.show, look), POST=(phase1.approve, operate)),
        pages("/plans/{plan_id}/figures/{channel}/{metric}", GET=(figure.show, look)),
        pages("/plans/{plan_id}/columns", GET=(mapping.of_plan, act)),
        pages("/plans/{plan_id}/history", GET=(history.show, look)),
        pages("/plans/{plan_id}/events.csv", GET=(history.export_csv, look)),
        pages("/plans/{plan_id}/events.json", GET=(history.export_json, look)),
        pages("/plans/{plan_id}/costs.csv", GET=(costs.template, look)),
        pages("/plans/{plan_id}/channels", POST=(figure.analyse_channels, act)),
        pages("/plans/{plan_id}/channels/{channel}/analysis", POST=(again.ask, act)),
        pages("/plans/{plan_id}/recovery", POST=(recovery.ask, operate)),
        pages("/plans/{plan_id}/erasure", POST=(erasure.ask, Role.ADMIN)),
        pages("/plans/{plan_id}/phases", POST=(phases.start, act)),
        pages("/plans/{plan_id}/{action}", POST=(actions.on_plan, act)),
        pages("/tasks", GET=(tasks.show, look)),
        pages("/tasks/bulk", POST=(actions.on_tasks, act)),
        pages("/tasks/{task_id}", GET=(tasks.show_one, look)),
        pages("/tasks/{task_id}/{action}", POST=(actions.on_task, act)),
        pages("/retries", GET=(retries.show, look)),
        pages("/retries/act", POST=(retries.act, operate)),
        pages("/letters", GET=(letters.show, look)),
        pages("/letters/act", POST=(letters.act, operate)),
        pages("/letters/jobs/{job_id}", GET=(replays.show, look)),
        pages("/letters/jobs/{job_id}/cancel", POST=(replays.cancel, operate)),
        pages("/letters/dry-run", GET=(dry_run.show, look)),
        pages("/letters/{record_id}", GET=(letters.show_one, look)),
        pages("/letters/{record_id}/edit", GET=(letters.show_edit, look), POST=(letters.edit, operate)),
        pages("/alerts", GET=(alerts.show, look)),
        pages("/alerts/test", POST=(alerts.try_notifier, operate)),
        pages("/alerts/{alert_id}", GET=(alerts.show_one, look)),
        pages("/alerts/{alert_id}/{action}", POST=(alerts.act, operate)),
        pages("/slo", GET=(slo.show, look)),
        pages("/slo.csv", GET=(slo.export, look)),
        pages("/audit", GET=(audit.show, Role.ADMIN)),
        pages("/audit.csv", GET=(audit.export, Role.ADMIN)),
        pages("/keys", GET=(keys.show, Role.ADMIN), POST=(keys.make, Role.ADMIN)),
        pages("/keys/{key_id}/change", POST=(keys.change, Role.ADMIN)),
        pages("/keys/{key_id}/rotate", POST=(keys.rotate, Role.ADMIN)),
        pages("/keys/{key_id}/link", POST=(keys.link, Role.ADMIN)),
        pages("/keys/{key_id}/revoke", POST=(keys.revoke, Role.ADMIN)),
        pages("/webhooks", GET=(webhooks.show, Role.ADMIN), POST=(webhooks.make, Role.ADMIN)),
        pages("/webhooks/{webhook_id}", GET=(webhooks.show_one, Role.ADMIN)),
        pages("/webhooks/{webhook_id}/deliveries/{delivery_id}", GET=(webhooks.show_delivery, Role.ADMIN)),
        pages("/webhooks/{webhook_id}/{action}", POST=(webhooks.act, Role.ADMIN)),
        pages("/runbooks", GET=(runbooks.show_all, look)),
        pages("/runbooks/{name}", GET=(runbooks.show, look)),
        pages("/search", GET=(search.show, look)),
        pages("/system", GET=(system.show, look)),
        pages("/system/breaker", POST=(system.breaker, operate)),
        pages("/system/flag", POST=(system.flag, operate)),
    ]
