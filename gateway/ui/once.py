"""The answers of pages to actions: a secret that is shown once, what was done, or why nothing was changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from starlette.requests import Request

from gateway.access.links import NewLink
from gateway.problems.answers import problem_of
from gateway.problems.problem import Problem
from gateway.shapes.keys import LinkWanted
from gateway.ui import flash, forms
from gateway.ui.i18n import gettext as _

T = TypeVar("T")
_REFUSED: Final = frozenset({"invalid", "not-found", "wrong-status"})
#: A page about something that may be gone: then there is no page.
OF_ITS_OWN: Final = _REFUSED - {"not-found"}


@dataclass(frozen=True, slots=True)
class Once:
    """A secret that is shown once: a key, or the address of a link. `what` says which, and whose."""

    what: str
    secret: str
    advice: str


@dataclass(frozen=True, slots=True)
class No:
    """Why nothing was changed, in the reader's language."""

    text: str


async def tried(doing: Awaitable[T], why: Callable[[Problem], str], refused: frozenset[str] = _REFUSED) -> T | No:
    """Wait for an action; return its result, or why it was refused. Raises problems of other kinds than `refused`."""
    try:
        return await doing
    except Exception as error:
        problem = problem_of(error)
        if problem.kind not in refused:
            raise
        return No(why(problem))


def told(done: object, said: str) -> flash.Flash:
    """Return the message after an action: what it did, or why nothing was changed."""
    return flash.Flash("fail", done.text) if isinstance(done, No) else flash.Flash("done", said)


def unchanged() -> flash.Flash:
    """Return the message after a form without any change."""
    return flash.Flash("info", _("Nothing was changed: all of it is as the page showed it."))


async def linked(
    request: Request, make: Callable[[LinkWanted], Awaitable[NewLink]], why: Callable[[Problem], str]
) -> Once | No:
    """Make a link that works for as long as the form says; return what the page shows of it, or why there is none."""
    form = await forms.begin(request)

    async def making() -> NewLink:
        return await make(LinkWanted.model_validate_strings({"minutes": forms.text(form, "minutes")}))

    made = await tried(making(), why)
    if isinstance(made, No):
        return made
    what = _("A link that signs in once, as %(name)s", name=made.name)
    advice = _("It is shown here only, and works until it was used. Send it to nobody but whom it is for.")
    return Once(what, str(request.base_url).rstrip("/") + made.path, advice)
