"""Read webhooks without their secrets, and their deliveries: a page of them, or one with every try."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from projections.reads.alerts import Attempt
from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, page_of
from projections.reads.rows import Reader, Where
from schemas.sealing import PREFIX

STATES: Final = ("waiting", "sent", "failed")
ORDER: Final = Order("-seq", (Key("d.seq", "bigint", descending=True),))
#: The circuit breaker of a webhook is called so, and then as the webhook.
BREAKER: Final = "webhook:"
#: Deliveries that were given up are counted up to so many.
COUNTED: Final = 1000


@dataclass(frozen=True, slots=True)
class Webhook:
    """`waiting`: deliveries in its queue; `given_up`: up to `COUNTED`; `breaker`: closed, open or half_open.

    `failing_since`: since when it has taken nothing; `paused_for`: why the system paused it, "" where a person did.
    """

    webhook_id: UUID
    name: str
    url: str
    types: list[str]
    created_at: datetime
    created_by: str
    paused_at: datetime | None
    paused_for: str
    failing_since: datetime | None
    breaker: str
    waiting: int
    oldest_waiting_at: datetime | None
    given_up: int
    last_sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The queue of one webhook that no person has paused; `paused_for`: why the system did, "" where it did not.

    `failed`: why its oldest delivery did not arrive, "" if not tried.
    `given_up`: deliveries that were within `GIVEN_UP_S`; `error`: why the last of them was, `since`: when the first.
    """

    name: str
    waiting: int
    oldest: datetime | None
    failed: str
    given_up: int = 0
    error: str = ""
    since: datetime | None = None
    paused_for: str = ""
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook. `tries` and `body` are empty in lists."""

    delivery_id: UUID
    webhook_id: UUID
    event_id: UUID
    plan_id: UUID
    type: str
    state: str
    due_at: datetime
    asked_at: datetime
    ended_at: datetime | None
    attempts: int
    again: int
    error: str
    body: str = ""
    tries: list[Attempt] = field(default_factory=list)


_WEBHOOKS: Final = f"""
    select w.webhook_id, w.name, w.url, w.types, w.created_at, w.created_by, w.paused_at,
           w.paused_for, w.failing_since, coalesce(b.state, 'closed') as breaker, q.waiting,
           q.oldest as oldest_waiting_at, g.given_up,
           (select d.ended_at from flow.webhook_delivery d
             where d.webhook_id = w.webhook_id and d.state = 'sent' order by d.seq desc limit 1) as last_sent_at
      from flow.webhook w
      left join flow.breaker b on b.name = '{BREAKER}' || w.name
      cross join lateral (select count(*) as waiting, min(d.asked_at) as oldest from flow.webhook_delivery d
                           where d.webhook_id = w.webhook_id and d.state = 'waiting') q
      cross join lateral (select count(*) as given_up from (
                              select from flow.webhook_delivery d
                               where d.webhook_id = w.webhook_id and d.state = 'failed' limit {COUNTED}) f) g
     where w.removed_at is null"""  # noqa: S608 - a constant
#: What was given up is a finding for so long.
GIVEN_UP_S: Final = 3600.0
# One that a person has paused keeps what it has on purpose.
_QUEUES: Final = f"""
    select w.name, q.waiting, q.oldest, q.failed, g.given_up, g.error, g.since, w.paused_for, w.failing_since
      from flow.webhook w
      cross join lateral (select count(*) as waiting, min(d.asked_at) as oldest,
                                 coalesce((array_agg(d.error order by d.asked_at))[1], '') as failed
                            from flow.webhook_delivery d where d.webhook_id = w.webhook_id and d.state = 'waiting') q
      cross join lateral (select count(*) as given_up, min(d.ended_at) as since,
                                 coalesce((array_agg(d.error order by d.ended_at desc))[1], '') as error
                            from flow.webhook_delivery d
                           where d.webhook_id = w.webhook_id and d.state = 'failed'
                             and d.ended_at > clock_timestamp() - make_interval(secs => {GIVEN_UP_S})) g
     where w.removed_at is null
       and (w.paused_for <> '' or w.paused_at is null and q.waiting + g.given_up > 0)
     order by w.name"""  # noqa: S608 - a constant
_PLAIN: Final = f"""
    select count(*) from flow.webhook
     where removed_at is null and secret <> '' and not starts_with(secret, '{PREFIX}')"""  # noqa: S608 - a constant
_SELECT: Final = """
    select d.delivery_id, d.webhook_id, d.event_id, d.plan_id, d.type, d.state, d.due_at, d.asked_at, d.ended_at,
           d.attempts, d.again, d.error"""
_TRIES: Final = """
    select attempt, at, outcome, seconds, detail from flow.webhook_attempt where delivery_id = $1 order by attempt"""


async def every(db: Reader) -> list[Webhook]:
    """Return the webhooks, the oldest first."""
    return [Webhook(**row) for row in await db.fetch(f"{_WEBHOOKS} order by w.created_at, w.webhook_id")]


async def queues(db: Reader) -> list[Waiting]:
    """Return the queues of webhooks in which something waits, or that the system paused or that gave up lately."""
    return [Waiting(**row) for row in await db.fetch(_QUEUES)]


async def plain_secrets(db: Reader) -> int:
    """Return how many webhooks there are whose secret the database keeps as it is."""
    count: int = await db.fetchval(_PLAIN)
    return count


async def get(db: Reader, webhook_id: UUID) -> Webhook | None:
    """Return one webhook; None where there is none."""
    row = await db.fetchrow(f"{_WEBHOOKS} and w.webhook_id = $1", webhook_id)
    return None if row is None else Webhook(**row)


async def deliveries(
    db: Reader,
    webhook_id: UUID,
    states: Iterable[str] = STATES,
    *,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page[Delivery]:
    """Return a page of a webhook's deliveries, the newest first. Raises BadCursor."""
    where = Where()
    where.add(f"d.webhook_id = {where.arg(webhook_id)}")
    where.any_of("d.state", tuple(states))
    if cursor is not None:
        ORDER.start_after(cursor, where)
    rows = await db.fetch(
        f"{_SELECT}, {ORDER.columns()} from flow.webhook_delivery d {where.sql()}"
        f" {ORDER.order_by()} limit {limit + 1:d}",
        *where.args,
    )
    return page_of(rows, limit, ORDER, [_delivery(row) for row in rows], None)


async def delivery(db: Reader, webhook_id: UUID, delivery_id: UUID) -> Delivery | None:
    """Return one delivery with its body and every try; None where there is none."""
    row = await db.fetchrow(
        f"{_SELECT}, d.body from flow.webhook_delivery d where d.webhook_id = $1 and d.delivery_id = $2",
        webhook_id,
        delivery_id,
    )
    if row is None:
        return None
    return Delivery(**row, tries=[Attempt(**one) for one in await db.fetch(_TRIES, delivery_id)])


def _delivery(row: dict[str, object]) -> Delivery:
    return Delivery(**{name: value for name, value in row.items() if name != "cursor_keys"})  # type: ignore[arg-type]
