"""Check cheaply whether anything changed that needs a full look at the verdict now, or whether messages wait.

It costs the database a fraction of a whole look, so it can run more often: the end of a process, an open breaker or a
stalled plan is seen sooner than at the next whole look.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from projections.reads.sessions import WAITS
from schemas.process.connection import Db
from schemas.process.liveness import LOCK

#: Seconds between two checks.
PULSE_S: Final = 0.5
#: While nothing is wrong, and the pulse sees changes, whole looks are this many times further apart.
QUIET: Final = 2
#: Marks of: living processes; the watchdogs' reports on broker and registry, the gateways' on commands, all clocks;
#: breakers that are not closed; stalls; ended sessions, and sessions that wait for a lock; dead letters.
_PULSE: Final = f"""
    select (select string_agg(objid::text, ',' order by objid) from pg_locks
             where locktype = 'advisory' and classid = {LOCK} and objsubid = 2 and granted) as living,
           (select string_agg(concat(worker_id, told_to_end is not null,
                                     coalesce(progress ->> 'broker_away_s', '0.0') <> '0.0',
                                     coalesce(progress ->> 'registry_away_s', '0.0') <> '0.0',
                                     progress ? 'clock_off_s',
                                     coalesce(progress ->> 'refused', '') <> ''), ',' order by worker_id)
              from flow.worker where stopped_at is null) as told,
           (select string_agg(concat(name, state), ',' order by name) from flow.breaker
             where state <> 'closed' and name not like 'plan:%') as breakers,
           (select string_agg(distinct cause, ',' order by cause) from flow.deadline
             where stalled_at is not null) as stalls,
           (select sessions_killed from pg_stat_database where datname = current_database()) as ended,
           exists ({WAITS}) as locked,
           exists (select from rm.dead_letter where state in ('open', 'parked') and dead_at is not null) as letters,
           exists (select from flow.alert_notice where notifier = any ($1) and message_id is null and due_at <= now())
        or exists (select from flow.alert_message where notifier = any ($1) and state = 'waiting' and due_at <= now()
                                                    and (claimed_until is null or claimed_until < now())) as waiting
"""  # noqa: S608 - a constant


class Pulse:
    """Remembers the previous marks. `notifiers`: those whose messages this process sends."""

    def __init__(self, notifiers: Iterable[str]) -> None:
        self._notifiers = list(notifiers)
        self._before: tuple[Any, ...] | None = None

    async def turned(self, db: Db) -> tuple[bool, bool]:
        """Return whether anything changed since the previous call, and whether a message is due."""
        (row,) = await db.fetch(_PULSE, self._notifiers)
        *now, waiting = row
        before, self._before = self._before, tuple(now)
        return before is not None and before != self._before, bool(waiting)
