"""Which addresses `python -m bench pages` asks for: every page and every read of the API, and lists as people ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

import asyncpg

from gateway.ui.navigation import PAGES

API: Final = "/api/marketplace/analysis"
#: Asked for besides the pages of the navigation. {plan} and its like are ids of what is there, by name in `_IDS`.
MORE: Final[Mapping[str, str]] = {
    "/plans, next page": "/plans?cursor={after}",
    "/plans, of a status": "/plans?status=awaiting_approval",
    "/plans, that are stalled": "/plans?stalled=1",
    "/plans, words": "/plans?q=loja+000777",
    "/plans, words that all have": "/plans?q=loja",
    "/plans, the oldest first": "/plans?sort=uploadedAt",
    "/plans, the last changed first": "/plans?sort=-changedAt",
    "/plans, by title": "/plans?sort=title",
    "/plans, by priority": "/plans?sort=priority",
    "/tasks, of an assignee": "/tasks?assignee=ana",
    "/tasks, board": "/tasks?view=board",
    "/tasks, words": "/tasks?q=rever+099999",
    "/tasks, words that many have": "/tasks?q=rever",
    "/tasks, words that none has": "/tasks?q=zzzz",
    "/tasks, the oldest first": "/tasks?sort=createdAt",
    "/tasks, the last changed first": "/tasks?sort=-changedAt",
    "/tasks, by due day": "/tasks?sort=dueOn",
    "/tasks, by priority": "/tasks?sort=priority",
    "/tasks, overdue by due day": "/tasks?overdue=1&sort=dueOn",
    "/letters, of a cause": "/letters?state=open",
    "a dead letter": "/letters/{letter}",
    "letters: a dry run": "/letters/dry-run",
    "letters: a replay": "/letters/jobs/{replay}",
    "an event that is set aside": "/set-aside/{aside}",
    "a plan": "/plans/{plan}",
    "a plan of 200 tasks and 3,000 events": "/plans/{large}",
    "its history": "/plans/{plan}/history",
    "history of 3,000 events": "/plans/{large}/history",
    "its columns": "/plans/{large}/columns",
    "its goods, as a sheet": "/plans/{large}/costs.csv",
    "a task": "/tasks/{task}",
    "a figure": "/plans/{large}/figures/shopee/return_rate",
    "an alert": "/alerts/{alert}",
    "a webhook": "/webhooks/{webhook}",
    "a webhook, what was given up": "/webhooks/{webhook}?status=failed",
    "a webhook's delivery": "/webhooks/{webhook}/deliveries/{delivery}",
    "/alerts, that are over": "/alerts?status=resolved",
    "/audit, of an action": "/audit?action=plan.approve",
    "/audit, of a day": "/audit?day={day}",
    "/audit, of a plan": "/audit?plan={plan}",
    "/slo, a month": "/slo?month={month}",
    "mappings": "/mappings",
    "sign-ins": "/sign-ins",
    "runbooks": "/runbooks",
    "a runbook": "/runbooks/alerts",
    "the API": "/docs",
    "a call": "/docs/calls/tasks_work_many",
    "an event": "/docs/events/plan.approved",
    "sign in": "/login",
    "search: words": "/search?q=vendas",
    "search: rare words": "/search?q=rever+099999",
    "search: a product": "/search?q=caneca",
    "search: nothing": "/search?q=zzzz",
    "API: plans": API,
    "API: plans, next page": API + "?cursor={after}",
    "API: plan": API + "/{plan}",
    "API: its attempts": API + "/{large}/attempts",
    "API: its events": API + "/{large}/events",
    "API: its tasks": API + "/{large}/tasks",
    "API: its figures": API + "/{large}/figures",
    "API: its outcomes": API + "/{large}/outcomes",
    "API: hit rates": "/api/marketplace/hit-rates",
    "API: mappings": "/api/mappings",
    "API: costs": "/api/marketplace/costs",
    "API: advertising": "/api/marketplace/advertising",
    "API: tasks": "/api/tasks",
    "API: a task": "/api/tasks/{task}",
    "API: assignees": "/api/tasks/assignees",
    "API: dead letters": "/api/dead-letters",
    "API: a dead letter": "/api/dead-letters/{letter}",
    "API: dead letters by cause": "/api/dead-letters/groups",
    "API: replays": "/api/dead-letters/jobs",
    "API: a replay": "/api/dead-letters/jobs/{replay}",
    "API: retries": "/api/retries",
    "API: a retry": "/api/retries/{retry}",
    "API: attempts": "/api/attempts",
    "API: recoveries": "/api/system/recoveries",
    "API: alerts": "/api/alerts",
    "API: an alert": "/api/alerts/{alert}",
    "API: a message": "/api/alerts/messages/{message}",
    "API: audit": "/api/audit",
    "API: people": "/api/people",
    "API: teams": "/api/teams",
    "API: own teams": "/api/teams/mine",
    "API: keys": "/api/keys",
    "API: sign-ins": "/api/sign-ins",
    "API: webhooks": "/api/webhooks",
    "API: a webhook": "/api/webhooks/{webhook}",
    "API: a webhook's deliveries": "/api/webhooks/{webhook}/deliveries",
    "API: a webhook's delivery": "/api/webhooks/{webhook}/deliveries/{delivery}",
    "API: set aside": "/api/outbox/set-aside",
    "API: one that is set aside": "/api/outbox/set-aside/{aside}",
    "API: breakers": "/api/system/breakers",
    "API: flags": "/api/system/flags",
    "API: health": "/api/system/health",
    "API: ready": "/health/ready",
    "API: metrics": "/metrics",
    "API: objectives": "/api/slo",
}
#: Routes that are not asked for, and why.
LEFT_OUT: Final[Mapping[str, str]] = {
    "/static": "files",
    "/login/oidc": "leads to a company's provider",
    "/login/oidc/back": "comes from a company's provider",
    "/login/oidc/leave": "leads to a company's provider",
    "/api/people/me": "of a person: the key that asks belongs to nobody",
    "/plans/{plan_id}/phase1": "leads to the plan",
    "/dead": "leads to the letters",
    "/letters/{record_id}/edit": "leads to the letter",
    "/set-aside/{seq}/edit": "leads to the event",
    "/set-aside/{seq}/removal": "leads to the event",
    "/plans/{plan_id}/events.csv": "a download of everything",
    "/plans/{plan_id}/events.json": "a download of everything",
    "/slo.csv": "a download of everything",
    **dict.fromkeys(
        (
            *("/audit.csv", "/audit.xlsx", "/plans.csv", "/plans.xlsx", "/tasks.csv", "/tasks.ics", "/tasks.xlsx"),
            *("/attempts.csv", "/attempts.xlsx"),
            *(f"/api/exports/{what}" for what in ("attempts", "audit", "events", "figures", "month")),
            *(f"/api/exports/{what}" for what in ("plans", "proposals", "tasks")),
            *(
                f"/plans/{{plan_id}}/{of}.{form}"
                for of in ("figures", "months", "products", "orders", "proposals")
                for form in ("csv", "xlsx")
            ),
        ),
        "a download of everything",
    ),
    "/api/events": "never ends",
    "/health/live": "asks for nothing",
    "/api/channels": "asks for nothing",
    "/openapi.json": "asks for nothing",
    "/asyncapi.json": "asks for nothing",
}
_IDS: Final[Mapping[str, str]] = {
    "plan": "select plan_id from rm.plan where status = 'executing' order by uploaded_at limit 1",
    "large": "select md5('plan0')::uuid",
    "task": "select task_id from rm.task t join rm.plan p using (plan_id) where p.status = 'executing'"
    " order by p.uploaded_at limit 1",
    "letter": "select record_id from rm.dead_letter where discarded_version = 0"
    " order by dead_at desc, record_id limit 1",
    "replay": "select job_id from flow.replay_job order by created_at desc limit 1",
    "retry": "select record_id from flow.parked where state = 'waiting' order by due_at limit 1",
    "alert": "select alert_id from flow.alert order by opened_at desc limit 1",
    "message": "select message_id from flow.alert_message order by created_at desc limit 1",
    "webhook": "select webhook_id from flow.webhook order by created_at limit 1",
    "delivery": "select delivery_id from flow.webhook_delivery d join flow.webhook w using (webhook_id)"
    " where w.webhook_id = (select webhook_id from flow.webhook order by created_at limit 1) order by seq desc limit 1",
    "day": "select current_date",
    "month": "select to_char(now(), 'YYYY-MM')",
    "aside": "select seq from decide.outbox where held_at is not null order by seq limit 1",
}


async def addresses(database: asyncpg.Connection, after: str) -> dict[str, str]:
    """Return the addresses to ask for, by name. `after`: the cursor of the second page of plans."""
    ids = {name: quote(str(await database.fetchval(query)), safe="") for name, query in _IDS.items()}
    more = {name: path.format(**ids, after=after) for name, path in MORE.items()}
    return {one.path: one.path for one in PAGES} | more
