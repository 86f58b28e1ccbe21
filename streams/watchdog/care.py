"""One round of the watchdog: diagnoses missed deadlines and starts recoveries.

A round is one transaction: what is said (plan.stalled, plan.recovery.started, ...) and what is put into the outbox to
heal stand or fall together. What heals outside of the database is done after the commit; if it is not done, the next
round sees it.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import asyncpg
import orjson
import structlog

from schemas import metrics as measured
from schemas import wire
from schemas.causes import PAUSED, RECOMMENDATIONS
from schemas.events import Event, derive_id
from schemas.flags import Flag
from schemas.process import metrics, telemetry
from schemas.process.connection import Db
from schemas.process.crashpoints import crashpoint
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.log_context import of_plan
from schemas.process.outbox_seals import Seals
from schemas.topics import PLAN_EVENTS
from streams.breakers.settings import PER_PLAN
from streams.broker.placement import topic_of
from streams.hosts.dispatch import dispatch
from streams.watchdog import asked_recovery, deadlines, requests
from streams.watchdog.consumption import MOVING_S
from streams.watchdog.diagnosis import Diagnosis, diagnose
from streams.watchdog.holding_back import on_our_account
from streams.watchdog.outbox_events import UNASKED, cause_of
from streams.watchdog.settings import Patience
from streams.watchdog.snapshot import System, Wait
from streams.watchdog.view import SystemView

log = structlog.get_logger("watchdog")

ACTOR: Final = "system:watchdog"
#: How soon a plan that merely waits in a backlog is looked at again.
IN_BACKLOG_S: Final = 1.5
#: What happens at a moment has happened so soon after it.
JUST_AFTER_S: Final = 0.05
#: How soon a stalled plan is looked at again, to see that it moves.
AGAIN_S: Final = 0.3
#: The same once a person has to act: many such plans must not take the time that others need.
TOLD_AGAIN_S: Final = 2.0
#: How often a recovery is begun once a person has to act.
ESCALATED_S: Final = 10.0
#: Recoveries that end the wait with what is there, and ask no agent.
CONCLUDES: Final = frozenset({"fail-channels", "finish-analysis"})

#: What is done after the commit: (action, wait) -> done.
Outside = Callable[[str, Wait], Awaitable[None]]
Put = tuple[str, Event, str | None]
#: What is left to do after the commit: the action, the wait, and the deadline's row.
Left = tuple[str, Wait, asyncpg.Record]


class Care:
    """Counts what it did: `stalled`, `recovered`, `escalated` plans."""

    def __init__(self, view: SystemView, patience: Patience, outside: Outside, seals: Seals = UNASKED) -> None:
        self._view, self._seals = view, seals
        self._patience, self._outside = patience, outside
        self.stalled = self.recovered = self.escalated = 0
        self._counted: list[Callable[[], None]] = []

    async def round(self, connection: Db) -> int:
        """Look at missed deadlines once; return how many there were."""
        after: list[Left] = []
        self._counted = []
        async with connection.transaction():
            rows = await deadlines.missed(connection, self._patience)
            if not rows:
                return 0
            met = [row for row in rows if row["met"]]
            for row in met:
                if row["stalled_at"] is not None:
                    with of_plan(row["plan_id"], row["traceparent"]):
                        await self._recovered(connection, row)
            await deadlines.close(connection, met)
            missed = [row for row in rows if not row["met"]]
            if missed:
                system = await self._view.gather(connection)
                in_backlog: list[asyncpg.Record] = []
                look_in_s: list[float] = []
                unclear: list[asyncpg.Record] = []
                waits = await deadlines.waits(connection, missed, self._patience, self._seals)
                for row, wait in zip(missed, waits, strict=True):
                    found = diagnose(wait, system, self._patience)
                    if found.cause is None and row["stalled_at"] is None and row["requested"] is None:
                        in_backlog.append(row)
                        look_in_s.append(again_s(wait))
                        continue
                    with of_plan(row["plan_id"], row["traceparent"]):
                        try:
                            async with connection.transaction():
                                after += await self._see_to(connection, row, found, system, wait)
                        except (ValueError, LookupError, TypeError, asyncpg.DataError) as error:
                            # a plan that we cannot even speak of must not keep the others from care
                            log.exception("no care for a stalled plan", error=repr(error)[:300])
                            unclear.append(row)
                await deadlines.look_again(connection, in_backlog, self._patience, look_in_s)
                await deadlines.look_again(connection, unclear, self._patience, [ESCALATED_S] * len(unclear))
            crashpoint("care.before_commit")
        for count in self._counted:
            count()
        for action, wait, row in after:
            with of_plan(wait.plan_id, row["traceparent"]):
                if await self._act(action, wait) and row["requested"] is not None:
                    await requests.answered(connection, row, AGAIN_S - self._patience.due_s(row["kind"]))
        return len(rows)

    async def _act(self, action: str, wait: Wait) -> bool:
        """Do what is left; return False where it is worth asking for again."""
        done = True
        crashpoint("care.before_action")
        try:
            await self._outside(action, wait)
        except DATABASE_FAILS as error:
            done = False
            log.warning("recovery failed", action=action, error=repr(error)[:300])
        except Exception as error:  # what fails for one plan must not keep the others from care
            log.exception("recovery failed", action=action, error=repr(error)[:300])
        crashpoint("care.acted")
        return done

    async def _see_to(
        self, connection: Db, row: asyncpg.Record, found: Diagnosis, system: System, wait: Wait
    ) -> list[Left]:
        """Begin what helps one plan; return what is left to do after the commit."""
        if row["requested"] is not None:
            return await self._asked(connection, row, found, wait)
        left = await self._stalled(connection, row, found, system, wait)
        return [(found.action, wait, row)] if left else []

    async def _recovered(self, connection: Db, row: asyncpg.Record) -> None:
        self.recovered += 1
        late = int(_late_s(row, row["due_at"]) * 1000)
        log.info("plan recovered", kind=row["kind"], cause=row["cause"], stalled_ms=late)
        self._counted.append(partial(metrics.count, measured.RECOVERED, row["cause"]))
        trace = telemetry.recorded(row["traceparent"])
        self._counted.append(partial(metrics.observe, measured.HEALED, late / 1000, trace=trace))
        await self._say(connection, row, "plan.recovered", {"attempt": row["attempts"], "stalled_ms": late})
        if row["attempts"]:
            await connection.execute(
                "select flow.breaker_reset($1, 'the plan recovered', $2)", f"plan:{row['plan_id']}", ACTOR
            )

    async def _stalled(self, connection: Db, row: asyncpg.Record, found: Diagnosis, system: System, wait: Wait) -> bool:
        """Note a stall and begin what heals it; return whether something is left to do after the commit."""
        due_s = self._patience.due_s(row["kind"])
        due_at = row["due_at"] or row["since"] + timedelta(seconds=due_s)
        cause, attempts = found.cause or row["cause"], row["attempts"]
        recommendation = found.recommendation or row["recommendation"] or RECOMMENDATIONS.get(cause, "")
        evidence = dict(found.evidence) or orjson.loads(row["evidence"] or "{}")
        if row["stalled_at"] is None:
            self.stalled += 1
            self._counted.append(partial(metrics.count, measured.STALLED, cause))
            late, trace = _late_s(row, due_at), telemetry.recorded(row["traceparent"])
            self._counted.append(partial(metrics.observe, measured.DETECTED, late, trace=trace))
            log.warning("plan stalled", kind=row["kind"], cause=cause, **evidence)
            due_us = int(due_at.timestamp() * 1_000_000)
            data = {"state": row["status"], "cause": cause, "due_at": due_us, "evidence": evidence}
            await self._say(connection, row, "plan.stalled", data)
        left = acted = await self._may_act(connection, row, found, system)
        if acted:
            attempts += 1
            log.info("recovery started", action=found.action, cause=cause, attempt=attempts)
            data = {"action": found.action, "cause": cause, "attempt": attempts}
            await self._say(connection, row, "plan.recovery.started", data)
            if found.action == "make-phase1":
                await self._make_phase1(connection, row)
                left = False
        # A person paused it and knows: telling of each plan would hide what needs one. What still waits when the pause
        # is over has its time from then.
        late_s = on_our_account(replace(wait, late_s=_late_s(row, due_at)), system, self._patience).late_s
        escalate = (
            row["escalated_at"] is None
            and cause != PAUSED
            and (late_s > self._patience.escalate_s or attempts > self._patience.attempts)
        )
        if escalate:
            self.escalated += 1
            self._counted.append(partial(metrics.count, measured.ESCALATED, cause))
            log.error("plan escalated", cause=cause, attempts=attempts)
            data = {"cause": cause, "attempts": attempts, "recommendation": recommendation}
            await self._say(connection, row, "plan.escalated", data)
        note = deadlines.Note(
            due_at=due_at,
            attempts=attempts,
            cause=cause,
            evidence=evidence,
            recommendation=recommendation,
            acted=acted,
            escalated=escalate,
            again_in_s=TOLD_AGAIN_S if escalate or row["escalated_at"] is not None else AGAIN_S,
            due_s=due_s,
        )
        await deadlines.note(connection, row, note)
        return left

    async def _asked(self, connection: Db, row: asyncpg.Record, found: Diagnosis, wait: Wait) -> list[Left]:
        """Begin what a person asked for; return what is left to do after the commit. Until then it stays asked for."""
        chosen = asked_recovery.of_channels(wait, row["requested_channels"])
        action = "wait" if chosen is None else asked_recovery.action_of(row["requested"], found, chosen)
        attempts = row["attempts"] + (action != "wait")
        log.info("recovery started, as a person asked", action=action, how=row["requested"], attempt=attempts)
        data = {"action": action, "cause": found.cause or row["cause"] or "", "attempt": attempts}
        await self._say(connection, row, "plan.recovery.started", data)
        await requests.begun(connection, row, attempts)
        if action == "make-phase1":
            await self._make_phase1(connection, row)
        if chosen is None or action in ("make-phase1", "wait"):
            await requests.answered(connection, row, AGAIN_S - self._patience.due_s(row["kind"]))
            return []
        return [(action, chosen, row)]

    async def _may_act(self, connection: Db, row: asyncpg.Record, found: Diagnosis, system: System) -> bool:
        """Say whether a recovery begins now: the one before is given its time, and longer each time.

        A plan whose recoveries fail again and again opens its breaker, and is let be for a while. The first one, and
        one that goes on with what is there, need not ask it.
        """
        if found.cause is None or found.action == "wait" or Flag.AUTOMATIC_RECOVERY in system.off:
            return False
        rest = ESCALATED_S if row["escalated_at"] is not None else self._patience.recheck_s * max(1, row["attempts"])
        if row["acted_s"] is not None and row["acted_s"] < rest:
            return False
        breaker = f"plan:{row['plan_id']}"
        if row["attempts"]:
            await connection.execute(
                "select flow.breaker_report($1, false, $2, $3, $4, $5, $6)",
                breaker,
                f"a recovery did not help: {found.cause}",
                PER_PLAN.failures,
                PER_PLAN.reset_s,
                PER_PLAN.successes,
                ACTOR,
            )
        if not row["attempts"] or found.action in CONCLUDES:
            # it may be the plan's own calls, of many channels, that opened it: what goes on without them is no call
            return True
        allowed: bool = await connection.fetchval("select allowed from flow.breaker_allow($1, 30, $2)", breaker, ACTOR)
        return allowed

    async def _make_phase1(self, connection: Db, row: asyncpg.Record) -> None:
        """Do what the worker would do, by the same rules: the same events, so whoever comes second changes nothing."""
        cause = await cause_of(connection, row["plan_id"], "plan.approved", seals=self._seals)
        if cause is None:
            return
        approval, traceparent = cause
        try:
            events = dispatch(approval)
            for event in events:
                wire.check(event)
        except Exception as error:  # the rules fail on this plan: the escalation tells a person
            log.exception("phase 1 cannot be made", error=repr(error)[:300])
            return
        await deadlines.put(connection, [(topic_of(e), e, traceparent) for e in events], self._seals)

    async def _say(self, connection: Db, row: asyncpg.Record, type_: str, data: dict[str, Any]) -> None:
        plan_id = row["plan_id"]
        version = await deadlines.next_version(connection, plan_id)
        stream = f"recovery-{plan_id}"
        event = Event(
            type_,
            derive_id(stream, "watchdog", version),
            stream,
            version,
            time.time_ns() // 1000,
            f"deadline-{row['kind']}-{plan_id}",
            plan_id,
            ACTOR,
            {"plan_id": plan_id, **data},
        )
        wire.check(event)
        await deadlines.put(connection, [(PLAN_EVENTS, event, row["traceparent"])], self._seals)


def again_s(wait: Wait) -> float:
    """Return how soon a plan in a backlog is looked at again: as soon as its reader could be found deaf, too."""
    left_s = MOVING_S - wait.in_log_s
    return left_s + JUST_AFTER_S if 0.0 < left_s < IN_BACKLOG_S else IN_BACKLOG_S


def _late_s(row: asyncpg.Record, due_at: datetime) -> float:
    """Return for how long a deadline has been missed, in seconds, by the database's clock alone: ours may be set."""
    since: datetime = row["since"]
    waited_s: float = row["waited_s"]
    return waited_s - (due_at - since).total_seconds()
