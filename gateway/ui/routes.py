"""The addresses of the pages, and who may open each."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount

from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.http.door import Operation, pages, resource
from gateway.ui import actions
from gateway.ui.pages import (
    added_tasks,
    again,
    alerts,
    attempts,
    audit,
    costs,
    dry_run,
    erasure,
    exports,
    figure,
    history,
    keys,
    letters,
    login,
    mapping,
    mappings,
    oidc,
    overview,
    people,
    phase1,
    phases,
    plan,
    plans,
    recovery,
    reference,
    replays,
    retries,
    rules,
    runbooks,
    search,
    set_aside,
    slo,
    system,
    tasks,
    teams,
    upload,
    webhooks,
)
from gateway.ui.rendering import STATIC
from gateway.ui.static_files import HashedFiles

_LOOK, _ACT, _OPERATE, _ADMIN = Role.VIEWER, Role.ANALYST, Role.OPERATOR, Role.ADMIN


def ui_routes() -> list[BaseRoute]:
    """Return every page, and the files that they need. Of two that fit an address the first is asked."""
    return [
        Mount("/static", HashedFiles(directory=STATIC), name="static"),
        *_signing_in(),
        *_uploads(),
        *_plans(),
        *_tasks(),
        *_failures(),
        *_watching(),
        *_access(),
        *_webhooks(),
        *_reading(),
    ]


def _signing_in() -> list[BaseRoute]:
    """Return the pages that sign a browser in and out, and keep what it prefers."""
    return [
        pages("/login", GET=(login.show, None), POST=(login.sign_in, None)),
        pages("/login/oidc", GET=(oidc.begin, None)),
        resource(oidc.BACK, GET=Operation(oidc.back, None, "login", page=True, hidden=True, media="text/html")),
        pages("/login/oidc/leave", GET=(oidc.leave, None)),
        pages("/logout", POST=(login.sign_out, _LOOK)),
        pages("/preferences", POST=(login.prefer, _LOOK), scope=KeyScope.READ),
    ]


def _uploads() -> list[BaseRoute]:
    """Return the pages that take documents, costs and the meaning of columns."""
    sending, looking, confirming, telling = (
        Operation(
            handler,
            _ACT,
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
        resource("/plans/upload", POST=sending),
        resource("/plans/upload/mapping", POST=looking),
        resource("/plans/upload/mapped", POST=confirming),
        pages("/costs", GET=(costs.show, _LOOK)),
        resource("/costs/upload", POST=telling),
        pages("/costs/correct", POST=(costs.correct, _ACT), scope=KeyScope.UPLOAD),
        pages("/costs/advertising/delete", POST=(costs.delete_report, _ACT), scope=KeyScope.UPLOAD),
        pages("/mappings", GET=(mappings.show, _LOOK)),
        pages("/mappings/{header_id}/change", POST=(mappings.change, _ACT), scope=KeyScope.UPLOAD),
        pages("/mappings/{header_id}/forget", POST=(mappings.forget, _ACT), scope=KeyScope.UPLOAD),
    ]


def _plans() -> list[BaseRoute]:
    """Return the overview, the lists of plans, and what can be seen of a plan and done with it."""
    return [
        pages("/", GET=(overview.show, _LOOK)),
        pages("/plans", GET=(plans.show, _LOOK)),
        pages("/plans/bulk", POST=(actions.on_plans, _ACT), scope=KeyScope.APPROVE),
        pages("/plans/team", POST=(teams.move_selected, _ADMIN)),
        pages("/plans/recovery", POST=(recovery.ask_many, _OPERATE)),
        pages("/plans/{plan_id}", GET=(plan.show, _LOOK)),
        pages(  # an operator's, and a decision on a plan as without tasks of one's own
            "/plans/{plan_id}/phase1",
            scope=KeyScope.APPROVE,
            GET=(phase1.show, _LOOK),
            POST=(phase1.approve, _OPERATE),
        ),
        pages("/plans/{plan_id}/figures/{channel}/{metric}", GET=(figure.show, _LOOK)),
        pages("/plans/{plan_id}/columns", GET=(mapping.of_plan, _ACT), scope=KeyScope.UPLOAD),
        pages("/plans/{plan_id}/history", GET=(history.show, _LOOK)),
        pages("/plans/{plan_id}/events.csv", GET=(history.export_csv, _LOOK)),
        pages("/plans/{plan_id}/events.json", GET=(history.export_json, _LOOK)),
        pages("/plans/{plan_id}/costs.csv", GET=(costs.template, _LOOK)),
        *(
            pages(f"/plans/{{plan_id}}/{table}.{form}", GET=(exports.of_figures, _LOOK))
            for table in exports.FIGURES
            for form in exports.TABLES
        ),
        *(pages(f"/plans/{{plan_id}}/proposals.{form}", GET=(exports.of_proposals, _LOOK)) for form in exports.TABLES),
        pages("/plans/{plan_id}/channels", POST=(figure.analyse_channels, _ACT), scope=KeyScope.UPLOAD),
        pages("/plans/{plan_id}/channels/{channel}/analysis", POST=(again.ask, _ACT), scope=KeyScope.APPROVE),
        pages("/plans/{plan_id}/recovery", POST=(recovery.ask, _OPERATE)),
        pages("/plans/{plan_id}/erasure", POST=(erasure.ask, _ADMIN)),
        pages("/plans/{plan_id}/team", POST=(teams.move, _ADMIN)),
        pages("/plans/{plan_id}/phases", POST=(phases.start, _ACT), scope=KeyScope.APPROVE),
        pages("/plans/{plan_id}/tasks", POST=(added_tasks.add, _ACT), scope=KeyScope.TASKS),
        pages("/plans/{plan_id}/{action}", POST=(actions.on_plan, _ACT), scope=KeyScope.APPROVE),
        *(pages(f"/plans.{form}", GET=(exports.of_plans, _LOOK)) for form in exports.TABLES),
    ]


def _tasks() -> list[BaseRoute]:
    """Return the pages of tasks."""
    return [
        pages("/tasks", GET=(tasks.show, _LOOK)),
        pages("/tasks/bulk", POST=(actions.on_tasks, _ACT), scope=KeyScope.TASKS),
        pages("/tasks/{task_id}", GET=(tasks.show_one, _LOOK)),
        pages(
            "/tasks/{task_id}/text",
            scope=KeyScope.TASKS,
            GET=(added_tasks.show, _LOOK),
            POST=(added_tasks.change, _ACT),
        ),
        pages("/tasks/{task_id}/menu", GET=(tasks.menu, _ACT), scope=KeyScope.TASKS),
        pages("/tasks/{task_id}/{action}", POST=(actions.on_task, _ACT), scope=KeyScope.TASKS),
        *(pages(f"/tasks.{form}", GET=(exports.of_tasks, _LOOK)) for form in exports.TASKS),
    ]


def _failures() -> list[BaseRoute]:
    """Return the pages of what was tried and what failed: attempts, retries, dead letters, events set aside."""
    return [
        pages("/attempts", GET=(attempts.show, _LOOK)),
        *(pages(f"/attempts.{form}", GET=(exports.of_attempts, _LOOK)) for form in exports.TABLES),
        pages("/retries", GET=(retries.show, _LOOK)),
        pages("/retries/act", POST=(retries.act, _OPERATE)),
        pages("/dead", GET=(letters.moved, _LOOK)),
        pages("/letters", GET=(letters.show, _LOOK)),
        pages("/letters/act", POST=(letters.act, _OPERATE)),
        pages("/letters/jobs/{job_id}", GET=(replays.show, _LOOK)),
        pages("/letters/jobs/{job_id}/cancel", POST=(replays.cancel, _OPERATE)),
        pages("/letters/dry-run", GET=(dry_run.show, _LOOK)),
        pages("/letters/{record_id}", GET=(letters.show_one, _LOOK)),
        pages("/letters/{record_id}/edit", GET=(letters.show_edit, _LOOK), POST=(letters.edit, _OPERATE)),
        pages("/set-aside", GET=(set_aside.show, _OPERATE)),
        pages("/set-aside/{seq}", GET=(set_aside.show_one, _OPERATE)),
        pages("/set-aside/{seq}/removal", GET=(set_aside.show_edit, _OPERATE), POST=(set_aside.remove, _OPERATE)),
        pages("/set-aside/{seq}/edit", GET=(set_aside.show_edit, _OPERATE), POST=(set_aside.edit, _OPERATE)),
    ]


def _watching() -> list[BaseRoute]:
    """Return the pages of how the system is: alerts, objectives, processes, breakers and flags."""
    return [
        pages("/alerts", GET=(alerts.show, _LOOK)),
        pages("/alerts/test", POST=(alerts.try_notifier, _OPERATE)),
        pages("/alerts/{alert_id}", GET=(alerts.show_one, _LOOK)),
        pages("/alerts/{alert_id}/{action}", POST=(alerts.act, _OPERATE)),
        pages("/slo", GET=(slo.show, _LOOK)),
        *(pages(f"/slo.{form}", GET=(slo.export, _LOOK)) for form in exports.TABLES),
        pages("/system", GET=(system.show, _LOOK)),
        pages("/system/says", GET=(system.says, _LOOK)),
        pages("/system/breaker", POST=(system.breaker, _OPERATE)),
        pages("/system/process", POST=(system.process, _OPERATE)),
        pages("/system/flag", POST=(system.flag, _OPERATE)),
    ]


def _access() -> list[BaseRoute]:
    """Return the pages of who may do what and who did: keys, people, teams, sign-ins, the audit."""
    return [
        pages("/audit", GET=(audit.show, _ADMIN)),
        *(pages(f"/audit.{form}", GET=(exports.of_audit, _ADMIN)) for form in exports.TABLES),
        pages("/keys", GET=(keys.show, _ADMIN), POST=(keys.make, _ADMIN)),
        pages("/keys/{key_id}/change", POST=(keys.change, _ADMIN)),
        pages("/keys/{key_id}/rotate", POST=(keys.rotate, _ADMIN)),
        pages("/keys/{key_id}/link", POST=(keys.link, _ADMIN)),
        pages("/keys/{key_id}/revoke", POST=(keys.revoke, _ADMIN)),
        pages("/people", GET=(people.show, _ADMIN), POST=(people.make, _ADMIN)),
        pages("/people/{handle}/change", POST=(people.change, _ADMIN)),
        pages("/people/{handle}/link", POST=(people.link, _ADMIN)),
        pages("/people/{handle}/end", POST=(people.end, _ADMIN)),
        pages("/people/{handle}/erasure", POST=(people.erase, _ADMIN)),
        pages("/teams", GET=(teams.show, _ADMIN), POST=(teams.make, _ADMIN)),
        pages("/teams/{team_id}/change", POST=(teams.rename, _ADMIN)),
        pages("/teams/{team_id}/close", POST=(teams.close, _ADMIN)),
        pages("/teams/{team_id}/members", POST=(teams.add, _ADMIN)),
        pages("/teams/{team_id}/plans", POST=(teams.move_many, _ADMIN)),
        pages("/teams/{team_id}/out", POST=(teams.remove, _ADMIN)),
        pages("/sign-ins", GET=(people.show_sign_ins, _LOOK)),
        pages("/sign-ins/reminders", POST=(people.change_own, _LOOK), scope=KeyScope.TASKS),
        pages("/sign-ins/{sign_in_id}/end", POST=(people.end_sign_in, _LOOK), scope=KeyScope.ADMIN),
    ]


def _webhooks() -> list[BaseRoute]:
    """Return the pages of whom events are sent to."""
    return [
        pages("/webhooks", GET=(webhooks.show, _ADMIN), POST=(webhooks.make, _ADMIN)),
        pages("/webhooks/{webhook_id}", GET=(webhooks.show_one, _ADMIN)),
        pages("/webhooks/{webhook_id}/deliveries/{delivery_id}", GET=(webhooks.show_delivery, _ADMIN)),
        pages("/webhooks/{webhook_id}/{action}", POST=(webhooks.act, _ADMIN)),
    ]


def _reading() -> list[BaseRoute]:
    """Return the pages to look things up in."""
    return [
        pages("/rules", GET=(rules.show, _LOOK)),
        pages("/runbooks", GET=(runbooks.show_all, _LOOK)),
        pages("/runbooks/{name}", GET=(runbooks.show, _LOOK)),
        pages("/docs", GET=(reference.show_all, _LOOK)),
        pages("/docs/calls/{name}", GET=(reference.show_call, _LOOK)),
        pages("/docs/events/{name}", GET=(reference.show_event, _LOOK)),
        pages("/search", GET=(search.show, _LOOK)),
    ]
