"""Admins' actions on people, and everybody's on their own sign-ins, for the API and the pages. Each is in the audit.

A change takes effect at once in this gateway, in the others within the seconds for which they cache who is who.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

import orjson
from starlette.requests import Request

from gateway.access.last_admin import LastAdmin
from gateway.access.links import NewLink
from gateway.access.people import Change, Changed, New, PersonInfo, Taken
from gateway.access.person_erasure import forget
from gateway.access.sign_ins import SignInInfo
from gateway.audit.texts import text
from gateway.audit.writing import Entry, audited, who
from gateway.operations.keys import last_admin
from gateway.operations.plan_command import row_of
from gateway.problems.problem import Problem, invalid, not_found
from gateway.services.services import Services
from gateway.shapes.keys import LinkWanted
from gateway.shapes.people import OwnChange, PersonChange, PersonErased, PersonWanted

_ERASE: Final = "select decide.erase_person($1::decide.command, $2, $3)"


async def make(request: Request, wanted: PersonWanted) -> PersonInfo:
    """Make a person. Raises Problem 422 where another one has the handle or the e-mail."""
    services: Services = request.state.services
    try:
        await services.access.people.make(New(wanted.handle, wanted.name, wanted.role, wanted.email), who(request))
    except Taken as taken:
        raise _taken(taken) from None
    return await _find(services, wanted.handle)


async def change(request: Request, handle: str, wanted: PersonChange) -> PersonInfo:
    """Change a person's name, role, e-mail or reminders.

    Raises Problem 404 without such a person, 409 for the last admin, 422 where another one has the e-mail.
    """
    services: Services = request.state.services
    try:
        to_be = Change(wanted.name, wanted.role, wanted.email, wanted.reminders, wanted.language)
        changed = await services.access.people.change(handle, to_be, who(request))
    except LastAdmin:
        raise last_admin() from None
    except Taken as taken:
        raise _taken(taken) from None
    _forget(services, _demand(changed, handle))
    return await _find(services, handle)


async def own(request: Request) -> PersonInfo:
    """Return the person who asks. Raises Problem 404 for a key that belongs to nobody."""
    principal = request.state.principal
    if not principal.person_id:
        raise not_found("person", "of this key: it belongs to nobody")
    return await _find(request.state.services, principal.name)


async def change_own(request: Request, wanted: OwnChange) -> PersonInfo:
    """Change whether the caller is reminded of their tasks, and in which language. Raises Problem 404, as `own`."""
    person = await own(request)
    to_be = Change(reminders=wanted.reminders, language=wanted.language)
    _demand(await request.state.services.access.people.change(person.handle, to_be, who(request)), person.handle)
    return await own(request)


async def end(request: Request, handle: str) -> None:
    """End a person for good, with their keys, sign-ins, links and live connections.

    Raises Problem 404 without such a person, 409 for the last admin.
    """
    services: Services = request.state.services
    try:
        ended = _demand(await services.access.people.end(handle, who(request)), handle)
    except LastAdmin:
        raise last_admin() from None
    _forget(services, ended)
    for caller in ended.callers:
        services.streams.end(caller)


async def erase(request: Request, handle: str, reason: str) -> PersonErased:
    """Erase the personal data of a person who has ended, for good: name, e-mail, texts, names of documents.

    Raises Problem 404 without such a person, 409 for one who has not ended, 422 without a reason.
    """
    if not reason.strip():
        raise invalid(("reason", "say why: it stands in the history, and nothing brings back what is erased"))
    services: Services = request.state.services
    reason = await text(request, reason)
    event_id = uuid4()
    row = row_of(request, "person.erase", event_id)
    said = {"plans": 0, "named_in_log": False, "in_log_until": None}
    async with audited(request) as telling:
        outcome = await forget(telling.db, handle)
        if outcome == "accepted":
            erased = await telling.db.fetchval(_ERASE, row, handle, reason)
            said = orjson.loads(erased)
        after = {"plans": said["plans"]}
        telling.tell(Entry("person.erase", "person", handle, outcome=outcome, after=after, reason=reason))
    match outcome:
        case "not_found":
            raise not_found("person", f"'{handle[:80]}'")
        case "working":
            what = "This person has not ended, and may write more: end the person first, then erase."
            raise Problem("wrong-status", what, currentStatus="working", actions=["end"])
    services.access.people.forget()
    services.writers.forget(handle)
    services.publishing.wake()
    return PersonErased.model_validate({"handle": handle, "outcome": outcome, **said})


async def link(request: Request, handle: str, wanted: LinkWanted) -> NewLink:
    """Make a link that signs a person's browser in once. Raises Problem 404 without such a person."""
    services: Services = request.state.services
    made = await services.access.links.make_for_person(handle, wanted.minutes, who(request))
    if made is None:
        raise _unknown(handle)
    return made


async def own_sign_ins(request: Request) -> list[SignInInfo]:
    """Return the caller's own sign-ins; of a person, those of all their keys."""
    services: Services = request.state.services
    return await services.access.sign_ins.of(request.state.principal)


async def end_sign_in(request: Request, sign_in_id: UUID) -> None:
    """End one of the caller's own sign-ins. Raises Problem 404 for any other.

    All live connections of the caller here are closed: browsers that are still signed in connect again by themselves.
    """
    services: Services = request.state.services
    caller = await services.access.sign_ins.end(request.state.principal, sign_in_id, who(request))
    if caller is None:
        raise not_found("sign-in of yours", f"'{sign_in_id}'")
    services.streams.end(caller)


def _forget(services: Services, changed: Changed) -> None:
    services.access.keys.forget_person(changed.person_id)
    services.access.sign_ins.forget_person(changed.person_id)


async def _find(services: Services, handle: str) -> PersonInfo:
    found = await services.access.people.find(handle)
    if found is None:
        raise _unknown(handle)
    return found


def _demand(changed: Changed | None, handle: str) -> Changed:
    if changed is None:
        raise _unknown(handle)
    return changed


def _unknown(handle: str) -> Problem:
    return not_found("person", f"'{handle[:80]}' who has not ended")


def _taken(taken: Taken) -> Problem:
    said = {
        "handle": "another person has it, or had it: what they did stays under it",
        "key": "a key that belongs to nobody has this name: rename it, and give it to the person then",
        "email": "another person has it",
    }
    return invalid(("email" if taken.field == "email" else "handle", said[taken.field]))
