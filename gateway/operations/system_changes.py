"""Tell listeners of changes that no plan's event reports: health, dead letters, retries, breakers, replays, alerts.

A live connection is closed within one look once its key has ended, has another secret or lost the scope, or its sign-in
or person has ended, through whichever gateway that happened.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from gateway.access.roles import PERSON
from gateway.access.scopes import KeyScope
from gateway.services.services import Services
from gateway.verdict.mark import mark_of
from projections.reads import marks
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.rounds import Round

log = structlog.get_logger("watching")

#: Seconds between looks while somebody listens. While plans move, open pages reload as often.
LOOK_S: Final = 2.0


_TEAMS: Final = "select version from access.team_change"


@dataclass(frozen=True, slots=True)
class Known:
    """The result of the last look: marks of what pages show, and the verdict's mark with when it was first seen."""

    marks: dict[str, str] = field(default_factory=dict)
    mark: str = ""
    since: datetime | None = None
    teams: int | None = None  # the number of the last change of who sees what


async def watch(services: Services) -> None:
    """Look for changes while somebody listens, until cancelled."""
    known = Known()
    with Round("watching", _mistake), suppress(*DATABASE_FAILS):  # before anybody listens: what changes then is seen
        known = Known(teams=await teams_changed(services, None))
    while True:
        await services.live.listened()
        # a failure here is a defect of ours: it is logged, and the pages show how old their verdict is
        with Round("watching", _mistake):
            known = await _look(services, known)
        await asyncio.sleep(LOOK_S)


def _mistake(error: Exception) -> None:
    log.error("could not look, trying again", exc_info=error)


async def _look(services: Services, known: Known) -> Known:
    """Tell listeners the health, and each state whose mark differs from `known`. Return the new marks."""
    with suppress(*DATABASE_FAILS):
        await _end_what_ended(services)
    teams = known.teams
    with suppress(*DATABASE_FAILS):
        teams = await teams_changed(services, known.teams)
    verdict = await services.verdicts.now()
    try:
        found = await marks.read(services.pool)
    except DATABASE_FAILS:
        found = known.marks  # the verdict says so
    changed = [name for name in found if known.marks and found[name] != known.marks.get(name)]
    mark = mark_of(verdict)
    since = known.since if known.since is not None and mark == known.mark else verdict.as_of
    services.live.tell(
        {
            "health": {
                "status": verdict.status or "ok",
                "asOf": verdict.as_of.isoformat(),
                "mark": mark,
                "since": since.isoformat(),
            },
            "changed": changed,
        }
    )
    return Known(found, mark, since, teams)


async def teams_changed(services: Services, known: int | None) -> int:
    """Return the number of the last change of teams; after a new one, listeners' rights are read again."""
    now: int = await services.pool.fetchval(_TEAMS)
    if known is not None and now != known:
        services.access.forget_all()
        services.streams.end_all()
    return now


async def _end_what_ended(services: Services) -> None:
    """Close the live connections of callers who may not listen any more, and forget what was cached of them."""
    access, streams = services.access, services.streams
    callers, shown = streams.callers, streams.shown
    keys = [one for one in callers if not one.startswith(PERSON)]
    working = await access.keys.working(keys, KeyScope.READ)
    signed_in = await access.sign_ins.working(shown)
    for person in await access.people.ended(callers):
        access.sign_ins.forget_person(person.removeprefix(PERSON))
        streams.end(person)
    # connections are judged by their secret, too: a cached one may have been replaced through another gateway
    over = shown - signed_in.union(*working.values())
    for digest in over:
        access.sign_ins.forget_one(digest)
    for key_id in streams.end_with(over) | {one for one in keys if one not in working}:
        access.keys.forget(key_id)
        access.sign_ins.forget(key_id)
        if key_id not in working:
            streams.end(key_id)
