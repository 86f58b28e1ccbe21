"""Admins' actions on webhooks, for the API and the page. Each is in the audit, without secrets."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from starlette.requests import Request

from gateway.audit.writing import Entry, Telling, audited
from gateway.problems.problem import Problem, invalid, not_found
from gateway.shapes.webhooks import MOST_AGAIN, SendAgain, WebhookChange, WebhookRotate, WebhookWanted
from gateway.webhooks.reach import refused
from gateway.webhooks.types import TOPICS, place_of
from projections.reads.webhooks import BREAKER
from schemas.sealing import seal

#: The most webhooks: each has its own connections to the outside.
MOST: Final = 20
#: `currentStatus` of the refusals to make one more.
FULL, TAKEN = "too-many", "name-taken"
_LOCK: Final = "select pg_advisory_xact_lock(hashtext('flow.webhook'))"
_THERE: Final = "select name from flow.webhook where removed_at is null"
_MAKE: Final = """
    insert into flow.webhook (webhook_id, name, url, secret, types, created_by) values ($1, $2, $3, $4, $5, $6)"""
# It gets events that are projected from now on. A partition without an offset is read from its beginning.
_FROM_NOW_ON: Final = """
    insert into flow.webhook_cursor (webhook_id, topic, partition, next_offset)
    select $1, topic, partition, next_offset from rm.projection_offset
     where projection = 'read_models' and topic = any ($2)"""
_FIND: Final = """
    select name, url, types, paused_at from flow.webhook where webhook_id = $1 and removed_at is null for update"""
_CHANGE: Final = """
    update flow.webhook set url = coalesce($2, url), types = coalesce($3, types), held_until = null,
                            failing_since = null, paused_for = case when not $4 then '' else paused_for end,
                            paused_at = case when $4 then coalesce(paused_at, now()) when not $4 then null
                                             else paused_at end
     where webhook_id = $1"""
# Each delivery gets all of its tries again: the earlier ones went to another address, or are long ago.
_ANEW: Final = """
    update flow.webhook_delivery set due_at = now(), asked_at = now(), attempts_then = attempts
     where webhook_id = $1 and state = 'waiting'"""
_ROTATE: Final = "update flow.webhook set secret = $2 where webhook_id = $1"
_REMOVE: Final = "update flow.webhook set removed_at = now(), secret = '' where webhook_id = $1"
_RESET: Final = "select flow.breaker_reset($1, $2, $3)"
_AGAIN: Final = """
    update flow.webhook_delivery d
       set state = 'waiting', due_at = now(), asked_at = now(), ended_at = null, again = again + 1,
           attempts_then = attempts, error = ''
     where d.delivery_id in (select delivery_id from flow.webhook_delivery
                              where webhook_id = $1 and state <> 'waiting'
                                and (delivery_id = any ($2) or $3 and state = 'failed')
                              order by seq limit $4 for update)
    returning d.delivery_id"""


@dataclass(frozen=True, slots=True)
class Made:
    """A new webhook with its secret, which is shown only once."""

    webhook_id: UUID
    name: str
    secret: str


async def make(request: Request, wanted: WebhookWanted) -> Made:
    """Make a webhook. Only the returned value ever shows its secret.

    Raises Problem 409 if there are too many or one has its name, 422 for an address that is not allowed.
    """
    _check(request, wanted.url)
    made = Made(uuid4(), wanted.name, wanted.secret or _new_secret())
    async with audited(request) as telling:
        await telling.db.execute(_LOCK)
        names = {row["name"] for row in await telling.db.fetch(_THERE)}
        if wanted.name in names:
            raise _conflict(TAKEN, f"There is a webhook '{wanted.name}' already.")
        if len(names) >= MOST:
            raise _conflict(FULL, f"There are {MOST} webhooks, and no more than that: remove one first.")
        by = request.state.principal.name
        kept = _sealed(request, made.webhook_id, made.secret)
        await telling.db.execute(_MAKE, made.webhook_id, wanted.name, wanted.url, kept, list(wanted.types), by)
        await telling.db.execute(_FROM_NOW_ON, made.webhook_id, list(TOPICS))
        after = {"url": wanted.url, "types": list(wanted.types)}
        telling.tell(Entry("webhook.create", "webhook", wanted.name, after=after))
    return made


async def change(request: Request, webhook_id: UUID, wanted: WebhookChange) -> None:
    """Change a webhook. Its waiting deliveries are due at once, with all of their tries.

    Raises Problem 404, and 422 as `make`.
    """
    if wanted.url is not None:
        _check(request, wanted.url)
    async with audited(request) as telling:
        before = await _found(telling, webhook_id)
        types = None if wanted.types is None else list(wanted.types)
        await telling.db.execute(_CHANGE, webhook_id, wanted.url, types, wanted.paused)
        await telling.db.execute(_ANEW, webhook_id)
        await _let_go(telling, before["name"], "the webhook was changed")
        was = {"url": before["url"], "types": before["types"], "paused": before["paused_at"] is not None}
        now = {
            "url": wanted.url or before["url"],
            "types": types or before["types"],
            "paused": was["paused"] if wanted.paused is None else wanted.paused,
        }
        telling.tell(Entry("webhook.change", "webhook", before["name"], before=was, after=now))


async def rotate(request: Request, webhook_id: UUID, wanted: WebhookRotate) -> Made:
    """Give a webhook another secret, at once. Raises Problem 404."""
    secret = wanted.secret or _new_secret()
    async with audited(request) as telling:
        found = await _found(telling, webhook_id)
        await telling.db.execute(_ROTATE, webhook_id, _sealed(request, webhook_id, secret))
        telling.tell(Entry("webhook.rotate", "webhook", found["name"]))
    return Made(webhook_id, found["name"], secret)


async def remove(request: Request, webhook_id: UUID) -> None:
    """End a webhook: nothing is sent any more, and its log goes. Raises Problem 404."""
    async with audited(request) as telling:
        found = await _found(telling, webhook_id)
        await telling.db.execute(_REMOVE, webhook_id)
        await _let_go(telling, found["name"], "the webhook was removed")
        telling.tell(Entry("webhook.remove", "webhook", found["name"], before={"url": found["url"]}))


async def again(request: Request, webhook_id: UUID, wanted: SendAgain) -> int:
    """Send deliveries again, with the same ids; return how many. Raises Problem 404."""
    async with audited(request) as telling:
        found = await _found(telling, webhook_id)
        rows = await telling.db.fetch(_AGAIN, webhook_id, wanted.delivery_ids, wanted.given_up, MOST_AGAIN)
        after = {"deliveries": [str(row["delivery_id"]) for row in rows]}
        telling.tell(Entry("webhook.again", "webhook", found["name"], after=after))
    return len(rows)


def _check(request: Request, url: str) -> None:
    if why := refused(url, request.state.services.settings.webhook_networks):
        raise invalid(("url", why))


def _sealed(request: Request, webhook_id: UUID, secret: str) -> str:
    """Encrypt a secret for the database."""
    return seal(secret, request.state.services.settings.secret_keys, place_of(webhook_id))


async def _found(telling: Telling, webhook_id: UUID) -> dict[str, Any]:
    rows = await telling.db.fetch(_FIND, webhook_id)
    if not rows:
        raise not_found("webhook", f"'{webhook_id}'")
    return dict(rows[0])


async def _let_go(telling: Telling, name: str, why: str) -> None:
    """Close the webhook's breaker: it judged the address of before."""
    await telling.db.execute(_RESET, f"{BREAKER}{name}", why, telling.who.actor)


def _new_secret() -> str:
    return f"mwh_{secrets.token_urlsafe(32)}"


def _conflict(status: str, detail: str) -> Problem:
    return Problem("wrong-status", detail, currentStatus=status, actions=[])
