"""Operators mend events that are set aside. Only the data changes; identity, stream and order stay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import orjson
from starlette.requests import Request

from gateway.audit.texts import text
from gateway.audit.writing import Entry, audited
from gateway.operations.json_diff import Difference, differences
from gateway.problems.problem import Problem, invalid, not_found, unavailable
from gateway.services.services import Services
from projections.reads import set_aside
from projections.reads.written import shown
from schemas.events import Event
from schemas.outbox_seal import Forged
from schemas.process.connection import Db
from schemas.process.outbox_seals import Seals
from schemas.topics import GOODS_EVENTS, SYSTEM_EVENTS
from schemas.wire import Codec

#: The largest number that the outbox gives.
_LARGEST_SEQ: Final = 2**63 - 1
#: Why an event that exists cannot be edited.
_REFUSED: Final = {
    "behind": "Nothing is known to be wrong with it: it waits behind another event of its stream. Mend that one first.",
    "on_its_way": "It was mended and goes out.",
    "published": "It was mended and is in the log, where nothing changes any more.",
    "forged": "Nobody of this system decided it as it stands: it is not mended, but taken out of the outbox.",
    "raw": "These are bytes that are sent as they are. A newer version has to take them; there is nothing to edit.",
}


@dataclass(frozen=True, slots=True)
class Edited:
    """`edits` counts the edits of the event, for If-Match."""

    seq: int
    edits: int
    differences: list[Difference]


async def event_at(request: Request, seq: str) -> set_aside.SetAsideDetail:
    """Return an event that is or was set aside. Raises Problem 404."""
    number = number_of(seq)
    found = await set_aside.get(request.state.services.pool, number) if number else None
    if found is None:
        raise not_found("event that is set aside", f"'{seq[:40]}'")
    whys = await shown(request.state.services.pool, [{"reason": one.reason} for one in found.history])
    # the data may be stored anew, so what people wrote in it stays encrypted
    return replace(found, history=[replace(one, **why) for one, why in zip(found.history, whys, strict=True)])


def number_of(seq: str) -> int:
    """Return the outbox's number in an address; 0, which no event has, for any other text."""
    number = int(seq) if seq.isascii() and seq.isdecimal() and len(seq) < 20 else 0
    return number if number <= _LARGEST_SEQ else 0


async def read(request: Request, seq: str) -> set_aside.SetAsideDetail:
    """Return an event for a person to read, and record the reading in the audit. Raises Problem 404."""
    found = await event_at(request, seq)
    services: Services = request.state.services
    await services.readings.tell(request, Entry("set-aside.read", "event", str(found.event.seq)))
    return found


async def edit(request: Request, seq: str, data: dict[str, Any], reason: str, *, expect: int | None) -> Edited:
    """Give an event other data: the relay publishes it at its next review. The same edit twice has one effect.

    `expect`: the number of edits that the caller has seen; None takes any.
    Raises Problem 404, 409, 412, 422, and 503 without a registry.
    """
    services: Services = request.state.services
    found = await event_at(request, seq)
    event = found.event
    if event.raw or event.state == "behind":
        raise _refused("raw" if event.raw else "behind")
    if services.publishing.codec is None:
        raise unavailable("The schema registry does not answer, so the data cannot be checked.", retry_after=5)
    _check(services.publishing.codec, found, data)
    changed = differences(found.data, data)
    reason = await text(request, reason)
    async with audited(request) as telling:
        await _demand_genuine(services, telling.db, event.seq)
        raw = await telling.db.fetchval(
            "select decide.mend_outbox($1, $2::jsonb, $3, $4, $5, $6)",
            event.seq,
            orjson.dumps(data).decode(),
            expect,
            reason,
            request.state.request_id,
            request.state.principal.name,
        )
        said = orjson.loads(raw)
        after = {"type": event.type, "stream": event.stream, "changed": [one.path for one in changed]}
        telling.tell(Entry("outbox.edit", "event", str(event.seq), None, said["outcome"], None, after, reason))
    match said["outcome"]:
        case "accepted":
            services.publishing.wake()
            return Edited(event.seq, said["edits"], changed)
        case "not_found":
            raise not_found("event that is set aside", f"'{event.seq}'")
        case "version_mismatch":
            raise Problem(
                "version-mismatch", "Somebody has edited this event since you read it.", version=said["edits"]
            )
    raise _refused(said["outcome"])


async def _demand_genuine(services: Services, db: Db, seq: int) -> None:
    """Lock the row until the transaction ends. Raises Problem if its seal does not fit."""
    row = await db.fetchrow(set_aside.SEALED, seq)
    if row is None:
        return
    seals = Seals(services.settings.signing, services.settings.outbox_hours)
    await seals.learn(db, [row])
    try:
        seals.check(row)
    except Forged:
        raise _refused("forged") from None


def misplaced(event: set_aside.SetAsideEvent, data: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (path, message) of each id in the data that names another plan, task, channel or letter."""
    own: dict[str, str] = {"source" if event.topic in (SYSTEM_EVENTS, GOODS_EVENTS) else "plan_id": event.key}
    kind, _, rest = event.stream.partition("-")
    if kind == "task":
        own["task_id"] = rest
    elif kind == "deadletter":
        own["record_id"] = rest
    elif kind == "plan" and "." in rest:
        own["channel"] = rest.partition(".")[2]
    return [
        (f"data.{name}", f"has to be {value}: an event stays where it was decided")
        for name, value in own.items()
        if name in data and data[name] != value
    ]


def _check(codec: Codec, found: set_aside.SetAsideDetail, data: dict[str, Any]) -> None:
    """Raise Problem 422 for data with which the event could not be published, or would be another event."""
    event = found.event
    wrong = misplaced(event, data)
    if wrong:
        raise invalid(*wrong)
    mended = Event(
        type=event.type,
        event_id=str(event.event_id),
        stream=event.stream,
        version=event.version,
        occurred_at=0,  # it is a whole number whatever it is: only the data is in question
        causation_id=found.causation_id,
        correlation_id=found.correlation_id,
        actor=event.actor,
        data=data,
    )
    try:
        codec.encode(event.topic, mended)
    except (TypeError, ValueError, LookupError, OverflowError, AttributeError) as error:
        raise invalid(("data", f"does not fit the schema of {event.type}: {error}")) from None


def _refused(status: str) -> Problem:
    return Problem("wrong-status", _REFUSED[status], currentStatus=status)
