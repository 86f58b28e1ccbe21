"""Find outside interference with database sessions: sessions that others end, locks and transactions that they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from projections.reads.rows import from_json


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that sessions wait for, the longest for `waited_seconds`.

    `pid` and `name`: the session that holds it, `open_seconds`: for how long its transaction is open at least.
    """

    waiting: int
    waited_seconds: float
    pid: int
    name: str
    open_seconds: float


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction that keeps vacuum from removing rows deleted since it began.

    `name`: what its session is called; `user`: the database's user of that session. `open_seconds`: None where the
    database does not tell us, because the session is another user's. `number`: of the oldest transaction that it keeps.
    """

    pid: int
    name: str
    user: str
    number: str
    open_seconds: float | None


@dataclass(frozen=True, slots=True)
class Sessions:
    """`ended`: how many were ended from outside, since the database counts. `lock`: None where nobody waits for one.

    `transactions`: those that keep vacuum from its work, but for such as are known to have begun just now.
    """

    ended: int = 0
    lock: Lock | None = None
    transactions: tuple[Transaction, ...] = ()


#: A lock that sessions wait for so long is held by somebody who forgot it, or stands still.
LOCK_S: Final = 1.0
#: The locks of this database that somebody has waited for so long.
WAITS: Final = f"""
    select l.pid, l.waitstart from pg_locks l join pg_stat_activity a using (pid)
     where not l.granted and l.locktype <> 'advisory' and a.datname = current_database()
       and l.waitstart < clock_timestamp() - interval '{LOCK_S} s'"""  # noqa: S608 - a constant
#: A transaction may stay open for so many seconds, where nobody says otherwise.
TRANSACTION_DUE_S: Final = 900.0
#: Transactions that are looked at, at most, the oldest first.
MOST_OPEN: Final = 100
# A transaction that has written holds its own number, one that reads the oldest that it still sees. One that does
# neither, such as `begin` and nothing since, keeps vacuum from nothing. Vacuum itself does not keep another from its
# work, and workers of the server have no user.
_OPEN: Final = f"""
    select a.pid, coalesce(nullif(a.application_name, ''), a.usename) as name, a.usename,
           coalesce(a.backend_xid, a.backend_xmin)::text as number,
           extract(epoch from clock_timestamp() - a.xact_start) as open_s
      from pg_stat_activity a
     where a.datname = current_database() and a.usename is not null and a.pid <> pg_backend_pid()
       and coalesce(a.backend_xid, a.backend_xmin) is not null
       and (a.xact_start is null or a.xact_start < clock_timestamp() - interval '{LOCK_S} s')
       and not exists (select from pg_stat_progress_vacuum v where v.pid = a.pid)
     order by a.xact_start, a.pid limit {MOST_OPEN}"""  # noqa: S608 - constants
# Who waits for less is not looked at: who stands before whom costs the server a look at every lock.
# Advisory locks are waited for on purpose. Of another user's session it can be seen for what it waits, since when, and
# what it is called; not what it does, nor since when, unless one may read all statistics.
SESSIONS: Final = f"""
    with waits as materialized (
        select pid, extract(epoch from clock_timestamp() - min(waitstart)) as waited_s from ({WAITS}) w group by 1)
    select jsonb_build_array(
        (select sessions_killed from pg_stat_database where datname = current_database()),
        (select jsonb_build_array(count(*), max(waited_s)) from waits),
        (select jsonb_build_array(h.pid, coalesce(nullif(h.application_name, ''), h.usename),
                                  coalesce(extract(epoch from clock_timestamp() - h.xact_start), w.waited_s))
           from waits w cross join lateral unnest(pg_blocking_pids(w.pid)) b(pid)
           join pg_stat_activity h on h.pid = b.pid
          where h.pid not in (select pid from waits) order by h.xact_start, w.waited_s desc limit 1),
        (select coalesce(jsonb_agg(jsonb_build_array(pid, name, usename, number, open_s)), '[]') from ({_OPEN}) o))"""  # noqa: S608 - a constant


def sessions(data: Any) -> Sessions:
    """Return what `SESSIONS` found."""
    ended, (waiting, waited), holder, opened = from_json(data)
    transactions = tuple(
        Transaction(int(pid), str(name), str(user), str(number), None if open_s is None else _seconds(open_s))
        for pid, name, user, number, open_s in opened
    )
    if holder is None:
        return Sessions(int(ended or 0), transactions=transactions)
    pid, name, open_s = holder
    lock = Lock(int(waiting), _seconds(waited), int(pid), str(name or "?"), _seconds(open_s))
    return Sessions(int(ended or 0), lock, transactions)


def _seconds(value: Any) -> float:
    return round(max(0.0, float(value or 0.0)), 3)
