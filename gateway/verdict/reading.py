"""Reads what the verdict is made of, in one place: one snapshot of the database, and what this gateway knows itself."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

import asyncpg
import structlog

from gateway.outbox.state import RelayState
from gateway.verdict.asking import Asked, Asking
from gateway.verdict.finding import Verdict
from gateway.verdict.judge import judge
from gateway.verdict.open_since import OpenSince
from gateway.verdict.probe import PROBE_S, Probe
from gateway.verdict.snapshot import SESSIONS_WITHIN_S, Snapshot
from gateway.verdict.words import terms
from projections.reads import operations, overview
from projections.reads.sessions import TRANSACTION_DUE_S
from projections.reads.written import Shown
from schemas.process.bounded_pool import BoundedPool
from schemas.process.database_away import DATABASE_FAILS

if TYPE_CHECKING:  # the alert engine reads a verdict, too, and has none of these
    from gateway.commands.commands import Commands
    from gateway.intake.reader import Confinement
    from gateway.live.changes import Live
    from gateway.outbox.publishing import Publishing

log = structlog.get_logger("verdict")

#: A statement of a look that takes longer is not answered: the database hangs.
READ_S: Final = PROBE_S
#: All statements of a look together may take so long, as on a busy machine on which each is answered slowly. It is
#: less than what an alert engine may be silent (`projections.reads.operations.IDLE_S`).
LOOK_S: Final = 10.0
#: Seconds for which a refused write is reported: one write that succeeds does not prove that the next one will.
REFUSED_S: Final = 3.0
#: Events published this long before the newest one, and all shown, are not looked up again. The margin is needed, as
#: an event has the time at which its mark began to be written, and is seen a little later.
SHOWN_S: Final = 5.0
#: They are looked up this often all the same: tables may have been put back to how they were.
SHOWN_AGAIN_S: Final = 30.0
#: A page shows a verdict that is at most so old, however many pages are asked for.
FRESH_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Here:
    """The fields of a `Snapshot` that come from a gateway's memory and are in no table."""

    relay: RelayState = "standby"
    relay_failing_s: float = 0.0
    reaches_broker: bool | None = None
    refused: str = ""
    unheard_s: float = 0.0
    unsigned: str = ""
    unconfined: str = ""
    pool_full_s: float = 0.0


def as_this_gateway(
    publishing: Publishing, commands: Commands, live: Live, confinement: Confinement, pool: BoundedPool
) -> Callable[[operations.Operations], Here]:
    """Return a call that reads the gateway's own state: its relay, refused commands, live lines."""
    return lambda _: Here(
        publishing.state(),
        publishing.failing_seconds(),
        publishing.reaches_broker(),
        refused_now(commands),
        live.unheard_seconds(),
        publishing.unsigned(),
        confinement.missing,
        pool.full_seconds(),
    )


def as_gateways_say(runs: operations.Operations) -> Here:
    """Return what the gateways say with their heartbeats, for a process that is none: the worst, where none is well."""
    told = [p.progress for p in runs.processes if p.role == "gateway" and p.well]
    relays = {str(progress.get("relay", "")) for progress in told}
    failing_s = min((float(progress.get("failing_s", 0.0)) for progress in told), default=0.0)
    relay: RelayState = "standby"
    if "publishing" not in relays and "failing" in relays and failing_s:
        relay = "failing"
    elif relays == {"off"}:
        relay = "off"
    refused = next((str(progress["refused"]) for progress in told if progress.get("refused")), "")
    unheard_s = max((float(progress.get("unheard_s", 0.0)) for progress in told), default=0.0)
    full_s = max((float(progress.get("pool_full_s", 0.0)) for progress in told), default=0.0)
    return Here(relay, failing_s if relay == "failing" else 0.0, None, refused, unheard_s, pool_full_s=full_s)


def refused_now(commands: Commands) -> str:
    """Return why the database did not store a command just now, "" where it did."""
    at, why = commands.refused or (0.0, "")
    return why if at and time.monotonic() - at < REFUSED_S else ""


class EndedSessions:
    """Counts the sessions that were ended lately, from what the database has counted since it was made."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def lately(self, ended: int, now: float) -> int:
        """Return how many were ended within `SESSIONS_WITHIN_S`, or since the look before that."""
        if self._seen and ended < self._seen[-1][1]:
            self._seen.clear()  # it counts anew, as after a crash
        while len(self._seen) > 1 and self._seen[1][0] < now - SESSIONS_WITHIN_S:
            self._seen.popleft()
        self._seen.append((now, ended))
        return ended - self._seen[0][1]


class Verdicts:
    """The verdict as this process sees it: looked at anew, or one of a moment ago.

    `here` gives what is in no table; `database_limit` are the bytes that the database may take. `decision_due_s`: so
    long a plan may wait for a person before that is a finding, and `transaction_due_s` a transaction of the database
    may stay open. `shown`: what people wrote is read in the clear, for pages; what is stored has it as the log has it.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        here: Callable[[operations.Operations], Here],
        database_limit: int | None = None,
        decision_due_s: float = overview.DECISION_DUE_S,
        transaction_due_s: float = TRANSACTION_DUE_S,
        *,
        shown: bool = False,
    ) -> None:
        self._pool = pool
        self._in_the_clear = shown
        self._here = here
        self._database_limit = database_limit
        self._decision_due_s = decision_due_s
        self._transaction_due_s = transaction_due_s
        self._lock = asyncio.Lock()
        self._last: tuple[float, Verdict] | None = None
        self._shown: tuple[float, datetime] | None = None
        self._ended = EndedSessions()
        self._open = OpenSince()
        self._unanswered = ""
        self.probe = Probe(pool)

    async def now(self) -> Verdict:
        """Look, and judge. Never raises for an outage: that the database is away is a finding."""
        verdict = judge(await self._look())
        self._last = time.monotonic(), verdict
        return verdict

    async def fresh(self) -> Verdict:
        """Return a verdict that is at most `FRESH_S` old; all who ask meanwhile wait for one look."""
        async with self._lock:
            if self._last is None or time.monotonic() - self._last[0] > FRESH_S:
                return await self.now()
            return self._last[1]

    def forget(self) -> None:
        """Look anew for the next page: something was changed just now."""
        self._last = None

    async def of_database(self) -> Verdict | None:
        """Return the verdict where the database is away, None where it answers: one small question, for probes."""
        if await self.probe.database():
            return None
        return judge(self._snapshot("away", PROBE_S))

    async def _look(self) -> Snapshot:
        began, unanswered = time.perf_counter(), ""
        for _ in range(2):  # the pool's first connection may be of before an outage that is over
            try:
                read = await self._read()
            except DATABASE_FAILS as error:
                unanswered = self._unanswered if isinstance(error, TimeoutError) else ""
                if not await self.probe.anew():
                    return self._snapshot("away", time.perf_counter() - began)
                if isinstance(error, TimeoutError):
                    break
            else:
                return self._snapshot("answers", time.perf_counter() - began, *read)
        return self._snapshot("hangs", time.perf_counter() - began, unanswered=unanswered)

    async def _read(self) -> tuple[overview.Overview, operations.Operations]:
        """Return one snapshot of the database. Raises TimeoutError where a statement, or all, take too long."""
        asking = Asking(READ_S)
        try:
            async with asyncio.timeout(LOOK_S), AsyncExitStack() as taken:
                connection = await asking.within(terms.A_CONNECTION, taken.enter_async_context(self._pool.acquire()))
                looked = connection.transaction(isolation="repeatable_read", readonly=True)
                await asking.within("begin", taken.enter_async_context(looked))
                reader = Asked(connection, asking)
                found = await overview.read(reader, self._decision_due_s, self._shown_until())
                self._shows(found)
                read = found, await operations.read(Shown(reader) if self._in_the_clear else reader)
        except TimeoutError:
            self._tell(asking)
            raise
        self._unanswered = ""
        return read

    def _tell(self, asking: Asking) -> None:
        """Name what the database did not answer, once while it is the same."""
        if asking.asked != self._unanswered:
            self._unanswered = asking.asked
            told = {"answered": asking.answered, "each_within_s": READ_S, "all_within_s": LOOK_S}
            log.warning("the database does not answer a look", asked=asking.asked, **told)

    def _shown_until(self) -> datetime | None:
        """Return until when all that was published is known to be shown."""
        return None if self._shown is None or time.monotonic() > self._shown[0] else self._shown[1]

    def _shows(self, found: overview.Overview) -> None:
        """Take in whether all that was published is shown."""
        if found.projection.behind or found.published_at is None:
            return
        again_at = time.monotonic() + SHOWN_AGAIN_S
        if self._shown is not None and self._shown_until() is not None:
            again_at = self._shown[0]  # this was not a look at all of them
        self._shown = again_at, found.published_at - timedelta(seconds=SHOWN_S)

    def _snapshot(
        self,
        database: Literal["answers", "hangs", "away"],
        took_s: float,
        found: overview.Overview | None = None,
        runs: operations.Operations | None = None,
        unanswered: str = "",
    ) -> Snapshot:
        known = runs or operations.Operations()
        here = self._here(known)
        return Snapshot(
            datetime.now(UTC),
            database,
            round(took_s, 4),
            here.relay,
            here.relay_failing_s,
            here.reaches_broker,
            here.refused,
            here.unheard_s,
            self._database_limit,
            found,
            known,
            self._decision_due_s,
            here.unsigned,
            here.unconfined,
            self._ended.lately(found.sessions.ended, time.monotonic()) if found else 0,
            self._open.told(found.sessions.transactions, time.monotonic()) if found else (),
            self._transaction_due_s,
            here.pool_full_s,
            unanswered,
        )
