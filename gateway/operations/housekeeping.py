"""Deletes expired rows in chunks, so that no statement is long and no command waits for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg
import structlog

from schemas.process.database_away import DATABASE_FAILS
from schemas.process.log_context import job
from schemas.retention import AD_REPORT_DAYS, BY_RETENTION, LETTER_DAYS, OUTBOX_HOURS

log = structlog.get_logger("gateway")

#: What the audit calls the deletion of rows whose time is over.
DELETED: Final = "retention.delete"

#: Rows that one statement deletes.
CHUNK: Final = 2000
#: Chunks of one table in one round; the next round deletes the rest.
MOST_CHUNKS: Final = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """How long rows of a table are kept.

    `old`: the condition in SQL for deletion; `by`: the order, that of an index. `told`: the rows are what people or
    documents told, so the audit says that they went.
    """

    table: str
    key: str
    old: str
    by: str
    told: bool = False

    @property
    def delete(self) -> str:
        # skip locked: two gateways that sweep at the same time take different rows
        gone = (
            f"delete from {self.table} where ({self.key}) in (select {self.key} from {self.table}"  # noqa: S608 - constants only
            f" where {self.old} order by {self.by} limit $1 for update skip locked)"
        )
        return audited(f"{gone} returning {self.by} as at", self.table) if self.told else gone


def audited(gone: str, table: str, reason: str = "") -> str:
    """Return a statement that deletes and writes the audit entry of it, where there was something: both, or neither.

    `gone` returns a row for each deleted one, with the time `at` that it was deleted by, or null.
    """
    return f"""
        with gone as ({gone}), told as (
            insert into audit.entry (actor, key_id, address, action, kind, target, outcome, after, reason, request_id)
            select '{BY_RETENTION}', '', '', '{DELETED}', 'table', '{table}', 'accepted',
                   jsonb_strip_nulls(jsonb_build_object('rows', count(*), 'until', max(at)::date)), '{reason}', ''
              from gone having count(*) > 0)
        select from gone"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class KeptResults(Kept):
    """As `Kept`, for what the history says, too: `old` is the time since the decision. The rows stay without it."""

    @property
    def delete(self) -> str:
        return f"select decide.leave_results({self.old}, $1)"


@dataclass(frozen=True, slots=True)
class KeptLetters(Kept):
    """As `Kept`, for dead letters: `old` is the time since the decision `by`. The record of the decision goes, too."""

    @property
    def delete(self) -> str:
        gone = f"select null::date as at from flow.dead_forget('{self.by}', {self.old}, $1)"  # noqa: S608 - constants only
        return audited(gone, self.table, f"MARKETPLACE_{self.by.upper()}_LETTER_DAYS")


def outbox(hours: int) -> Kept:
    """Return how long published events stay in the outbox.

    An event that a person has edited stays as long as its edits do. The time counts from the last look at how far the
    log reaches: after a long outage the log may lack what was published just before it.
    """
    return Kept(
        "decide.outbox",
        "seq",
        f"published_at < least(now(), (select max(seen_at) from flow.log_end)) - interval '{hours:d} hours'"  # noqa: S608 - a number
        " and not exists (select from decide.outbox_edit e where e.seq = outbox.seq)",
        "published_at",
    )


def letters(state: str, days: int) -> Kept:
    """Return how long letters stay after a decision: `state` is replayed or discarded, `days` the time since."""
    return KeptLetters("rm.dead_letter", "record_id", f"interval '{days:d} days'", state)


def tables(outbox_hours: int, letter_days: Mapping[str, int]) -> tuple[Kept, ...]:
    """Return how long the rows of each table are kept. Each table is swept by itself: a failure stops no other."""
    decided = (letters(state, days) for state, days in letter_days.items())
    return (outbox(outbox_hours), *decided, *_OTHERS)


_OTHERS: Final = (
    Kept("decide.idempotency", "scope, key", "stored_at < now() - interval '7 days'", "stored_at"),
    Kept("decide.outbox_edit", "seq, edit", "edited_at < now() - interval '90 days'", "edited_at", told=True),
    Kept("decide.column_mapping", "header_id", "used_at < now() - interval '2 years'", "used_at", told=True),
    Kept("decide.team_mapping", "team_id, header_id", "used_at < now() - interval '2 years'", "used_at", told=True),
    # figures of older documents are not made again; the counts stay in the read model
    Kept(
        "decide.stock_level",
        "sku_key, channel, counted_on",
        "counted_on < current_date - 400",
        "counted_on",
        told=True,
    ),
    # the result of a comparison with it stays in the later document's figures
    Kept("decide.channel_sold", "plan_id, channel", "stored_at < now() - interval '400 days'", "stored_at", told=True),
    Kept(
        "decide.channel_returned", "plan_id, channel", "stored_at < now() - interval '400 days'", "stored_at", told=True
    ),
    # lists leave them out from the same day on; log and read model keep them
    Kept("decide.ad_report", "key", f"last_day < current_date - {AD_REPORT_DAYS}", "last_day", told=True),
    Kept("flow.column_proposal", "proposal_id", "until < now() - interval '1 day'", "until"),
    Kept("flow.parked", "record_id", "resolved_at < now() - interval '1 day' and state <> 'waiting'", "resolved_at"),
    Kept("flow.job_attempt", "record_id, replay, attempt", "at < now() - interval '90 days'", "at"),
    # alerts and what was sent of them go together; messages of no alert, such as summaries, by themselves
    Kept("flow.alert", "alert_id", "resolved_at < now() - interval '90 days'", "resolved_at"),
    Kept("flow.alert_message", "message_id", "ended_at < now() - interval '90 days'", "ended_at"),
    # longer than anybody is reminded of a day (gateway/alerts/reminder_maker.py), so that each reminder is sent once
    Kept("flow.reminder", "task_id, person_id, due_on, about", "due_on < current_date - 400", "due_on"),
    Kept("flow.alert_silenced", "key", "until < now() - interval '1 day'", "until"),
    # the newest of each topic stays: it tells listeners which log this is (gateway/live/places.py)
    Kept(
        "flow.log_cut",
        "topic, partition, epoch",
        "found_at < now() - interval '90 days'"
        " and exists (select from flow.log_cut n where n.topic = log_cut.topic and n.found_at > log_cut.found_at)",
        "found_at",
    ),
    Kept("flow.hook_heard", "hook, event_id", "at < now() - interval '30 days'", "at"),
    # deliveries to webhooks; of a removed webhook all of them, then the webhook itself
    Kept("flow.webhook_delivery", "delivery_id", "ended_at < now() - interval '30 days'", "ended_at", told=True),
    Kept(
        "flow.webhook_delivery",
        "delivery_id",
        "webhook_id in (select webhook_id from flow.webhook where removed_at is not null)",
        "webhook_id, seq",
    ),
    Kept(
        "flow.webhook",
        "webhook_id",
        "removed_at is not null"
        " and not exists (select from flow.webhook_delivery d where d.webhook_id = webhook.webhook_id)",
        "webhook_id",
    ),
    Kept("flow.marketplace_metrics", "step, at", "step = 'minute' and at < now() - interval '30 days'", "at"),
    Kept("flow.marketplace_metrics", "step, at", "step = 'hour' and at < now() - interval '2 years'", "at"),
    # the outcomes of a replay's letters, which can be many, and then the replay itself
    Kept(
        "flow.replay_item",
        "job_id, position",
        "job_id in (select job_id from flow.replay_job where ended_at < now() - interval '90 days')",
        "job_id, position",
    ),
    Kept(
        "flow.replay_job",
        "job_id",
        "ended_at < now() - interval '90 days'"
        " and not exists (select from flow.replay_item i where i.job_id = replay_job.job_id)",
        "job_id",
    ),
)


#: For as long as the outbox can send the event again, the result can be told without the history.
RESULTS: Final = KeptResults("results of channels", "", "interval '1 day'", "")
#: Documents that one transaction erases: each locks its plan until the end.
ERASED_AT_ONCE: Final = 50
_ERASE_OLD: Final = "select decide.erase_old($1, $2, $3)"
#: The retention times without any setting.
TABLES: Final = tables(OUTBOX_HOURS, LETTER_DAYS)


async def keep_house(
    pool: asyncpg.Pool,
    outbox_hours: int = OUTBOX_HOURS,
    letter_days: Mapping[str, int] = LETTER_DAYS,
    document_days: int = 0,
) -> int:
    """Delete expired rows, and documents older than `document_days` (0: none); return their number.

    Failures are logged and not raised: the next round comes soon.
    """
    with job("housekeeping"):
        gone = sum([await _drop(pool, kept) for kept in (*tables(outbox_hours, letter_days), RESULTS)])
        return gone + await erase_old(pool, document_days)


async def erase_old(pool: asyncpg.Pool, days: int) -> int:
    """Erase the documents of ended plans that are older than `days`, 0: none; return their number.

    Failures are logged and not raised. Each call of the database is a transaction: killed in between, the next round
    goes on with what is left.
    """
    gone = 0
    try:
        for _ in range(MOST_CHUNKS if days else 0):
            deleted: int = await pool.fetchval(_ERASE_OLD, days, ERASED_AT_ONCE, BY_RETENTION)
            gone += deleted
            if deleted < ERASED_AT_ONCE:
                break
    except DATABASE_FAILS as error:
        log.warning("old documents stay for now", error=f"{type(error).__name__}: {error}"[:300])
    if gone:
        log.info("old documents erased", documents=gone, days=days)
    return gone


async def _drop(pool: asyncpg.Pool, kept: Kept) -> int:
    gone = 0
    try:
        for _ in range(MOST_CHUNKS):
            rows = int((await pool.execute(kept.delete, CHUNK)).split()[-1])
            gone += rows
            if rows < CHUNK:
                break
    except DATABASE_FAILS as error:
        log.warning("old rows stay for now", table=kept.table, error=f"{type(error).__name__}: {error}"[:300])
    return gone
