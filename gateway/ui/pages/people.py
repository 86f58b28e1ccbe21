"""`/people`: who acts, in which role; a person is made, changed, let in by a link, or ended. `/sign-ins`: one's own.

A link is shown once, on the page that answers: it goes through no cookie and no address.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final, TypeVar
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from gateway.access.people import PersonInfo
from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.operations import alerting, people
from gateway.operations.keys import LAST_ADMIN
from gateway.problems.problem import Problem
from gateway.shapes.people import OwnChange, PersonChange, PersonWanted
from gateway.ui import flash, forms, i18n, preferences, signed_in
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.once import No, Once, linked, told, tried, unchanged
from gateway.ui.paged import MOST, fitting, paged
from gateway.ui.pages.keys import LINK_MINUTES
from gateway.ui.problems import in_words
from gateway.ui.rendering import go, render
from gateway.ui.words import consequence_words
from projections.reads import consequences

T = TypeVar("T")
PATH: Final = "/people"
SIGN_INS: Final = "/sign-ins"
#: The notifier whose server sends reminders to people.
MAIL: Final = "email"
_SWITCH: Final = {"on": True, "off": False}
#: What is wrong with a form: the field, words of the reason, and what is said; the first that fits.
_WRONG: Final = (
    (
        "handle",
        "another person",
        mark("Another person has this handle, or had it: what that person did is told under it. Choose another one."),
    ),
    (
        "handle",
        "a key",
        mark("A key that belongs to nobody has this name: rename the key first, and give it to the person then."),
    ),
    (
        "handle",
        "",
        mark("A handle has up to 40 small letters, digits, dots and dashes, such as ana.lima, and means nobody yet."),
    ),
    ("email", "another person", mark("Another person has this e-mail. Nothing was changed.")),
    ("email", "", mark("This is no e-mail address. Nothing was changed.")),
    ("name", "", mark("Say who it is: a name of 1 to 200 letters. Nothing was changed.")),
)


async def show(request: Request) -> Response:
    """Show the people, and those who have ended, folded."""
    return await _page(request)


async def make(request: Request) -> Response:
    """Make a person."""
    form = await forms.begin(request)
    wanted = _written(form) | {"handle": forms.text(form, "handle", 60)}
    made = await _tried(_making(request, wanted))
    if isinstance(made, No):
        return await _page(request, wrong=made.text, written=wanted, status=422)
    said = _("%(name)s is here. A link or a key lets this person in.", name=made.name)
    return go(request, PATH, flash.Flash("done", said))


async def change(request: Request, handle: str) -> Response:
    """Change a person's name, role or e-mail."""
    form = await forms.begin(request)
    wanted = forms.edited(form, _written(form) | _reminding(form))
    if not wanted:
        return go(request, PATH, unchanged())
    done = await _tried(_changing(request, handle, wanted))
    return go(request, PATH, told(done, _("Changed. Here it holds at once, everywhere within 10 seconds.")))


async def link(request: Request, handle: str) -> Response:
    """Make a link that signs a person's browser in once, and show it this once."""
    once = await linked(request, lambda wanted: people.link(request, handle, wanted), _why)
    return _said(request, once.text, tone="fail") if isinstance(once, No) else await _page(request, once=once)


async def end(request: Request, handle: str) -> Response:
    """End a person for good."""
    i18n.use(preferences.read(request).language)
    done = await _tried(people.end(request, handle))
    return go(
        request, PATH, told(done, _("Ended, with all keys and sign-ins of this person, everywhere within 10 seconds."))
    )


async def erase(request: Request, handle: str) -> Response:
    """Erase the personal data of a person who has ended."""
    form = await forms.begin(request)
    reason = forms.text(form, "reason")
    if not reason:
        return _said(request, _("Say why: nothing brings back what is erased."), tone="fail")
    done = await _tried(people.erase(request, handle, reason))
    if isinstance(done, No):
        return _said(request, done.text, tone="fail")
    if done.outcome == "unchanged":
        return _said(request, _("This person was erased before."), tone="info")
    said = _("Erased: the name, the e-mail, what this person wrote, and the names of the documents.")
    if done.in_log_until is not None or done.named_in_log:
        said += " " + _("What is older than its encryption stays in the log as it was written, until it is cleared.")
    return _said(request, said)


async def show_sign_ins(request: Request) -> Response:
    """Show the reader's own sign-ins."""
    own = await people.own_sign_ins(request)
    sign_in = request.state.sign_in
    current = None if sign_in is None else sign_in.sign_in_id
    access, principal = request.state.services.access, request.state.principal
    person = await access.people.find(principal.name) if principal.person_id else None
    reminds = await _reminds(request)
    return await render(
        request,
        "sign_ins.html",
        own=own,
        current=current,
        person=person,
        reminds=reminds,
        may_remind=signed_in.may(request, Role.VIEWER, KeyScope.TASKS),
    )


async def change_own(request: Request) -> Response:
    """Change whether the reader is reminded of their tasks, and in which language."""
    form = await forms.begin(request)
    wanted = forms.edited(form, _reminding(form))
    if not wanted:
        return go(request, SIGN_INS, unchanged())
    done = await _tried(_changing_own(request, wanted))
    return go(request, SIGN_INS, told(done, _("Changed. It holds for the next message.")))


async def end_sign_in(request: Request, sign_in_id: UUID) -> Response:
    """End one of the reader's own sign-ins."""
    i18n.use(preferences.read(request).language)
    done = await tried(people.end_sign_in(request, sign_in_id), lambda _problem: _("It has ended already."))
    return go(request, SIGN_INS, told(done, _("That browser is signed out, everywhere within 10 seconds.")))


async def _making(request: Request, wanted: dict[str, str]) -> PersonInfo:
    return await people.make(request, PersonWanted.model_validate(wanted))


async def _changing(request: Request, handle: str, wanted: dict[str, str]) -> PersonInfo:
    return await people.change(request, handle, PersonChange.model_validate(_switched(wanted)))


async def _changing_own(request: Request, wanted: dict[str, str]) -> PersonInfo:
    return await people.change_own(request, OwnChange.model_validate(_switched(wanted)))


def _switched(wanted: dict[str, str]) -> dict[str, str | bool]:
    """Return what was written with the switch as one: what is no choice of it is refused as it stands."""
    return {name: _SWITCH.get(value, value) if name == "reminders" else value for name, value in wanted.items()}


async def _tried(doing: Awaitable[T]) -> T | No:
    """Wait for an action on a person; return its result, or why it was refused."""
    return await tried(doing, _why)


def _why(problem: Problem) -> str:
    if problem.extra.get("currentStatus") == LAST_ADMIN:
        return _(
            "The last admin key that does not end by itself is this person's: nobody could come in as an admin any"
            " more. Make another admin key first. Nothing was changed."
        )
    if problem.kind == "not-found":
        return _("This person has ended meanwhile. Nothing was changed.")
    wrong = {str(one["path"]): str(one["message"]) for one in problem.extra.get("errors", ())}
    said = (_(text) for path, about, text in _WRONG if path in wrong and about in wrong[path])
    return next(said, in_words(problem)[1])


def _written(form: FormData) -> dict[str, str]:
    return {name: forms.text(form, name, 200) for name in ("name", "email", "role")}


def _reminding(form: FormData) -> dict[str, str]:
    # a page from before the upgrade sends none of them
    return {name: forms.text(form, name, 20) for name in ("reminders", "language") if name in form}


def _said(request: Request, text: str, *, tone: str = "done") -> Response:
    return go(request, PATH, flash.Flash(tone, text))


async def _reminds(request: Request) -> bool:
    """Say whether a mail server is set up, which reminders of tasks go by."""
    return MAIL in await alerting.notifiers(request.state.services)


def _words(person: PersonInfo) -> str:
    return f"{person.name} {person.handle} {person.email}"


async def _page(
    request: Request,
    *,
    once: Once | None = None,
    wrong: str = "",
    written: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    every = await request.state.services.access.people.all()
    found = paged(request, [one for one in every if one.ended_at is None], lambda one: one.handle, _words)
    ended = fitting([one for one in every if one.ended_at is not None], found.q, _words)
    shown = request.state.services.shown
    return await render(
        request,
        "people.html",
        status=status,
        found=found,
        ended=ended,
        consequence=consequence_words,
        open_tasks=await consequences.open_tasks(shown, [one.handle for one in found.rows]),
        named_plans=await consequences.named_plans(
            shown, [one.handle for one in ended[:MOST] if one.erased_at is None]
        ),
        most=MOST,
        own=request.state.principal.name if request.state.principal.person_id else "",
        once=once,
        wrong=wrong,
        written=written or {},
        known=tuple(Role),
        minutes=LINK_MINUTES,
        reminds=await _reminds(request),
    )
