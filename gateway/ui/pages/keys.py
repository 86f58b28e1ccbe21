"""`/keys`: who may sign in, in which role and until when; a key is made, changed, given another secret, or ended.

A secret and a link are shown once, on the page that answers: they go through no cookie and no address.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Final, TypeVar

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from gateway.access.api_keys import KeyInfo, NewKey
from gateway.access.roles import Role
from gateway.operations import keys
from gateway.problems.problem import Problem
from gateway.shapes.keys import KeyChange, KeyRotate, KeyWanted
from gateway.ui import flash, forms, i18n, preferences, states
from gateway.ui.i18n import gettext as _
from gateway.ui.once import No, Once, linked, told, tried, unchanged
from gateway.ui.paged import MOST, fitting, paged
from gateway.ui.problems import in_words
from gateway.ui.rendering import go, render
from gateway.ui.words import consequence_words

T = TypeVar("T")
PATH: Final = "/keys"
#: The times for which a replaced secret may still work, in seconds; none of them means not at all.
GRACES_S: Final = (3600, 86_400, 7 * 86_400)
#: The times for which a link may work, in minutes.
LINK_MINUTES: Final = (15, 60, 24 * 60)


async def show(request: Request) -> Response:
    """Show the keys that work and, folded, those that have ended."""
    i18n.use(preferences.read(request).language)
    return await _page(request)


async def make(request: Request) -> Response:
    """Make a key, and show it this once."""
    form = await forms.begin(request)
    wanted = _written(form)
    made = await _tried(_making(request, wanted))
    if isinstance(made, No):
        return await _page(request, wrong=made.text, written=wanted, status=422)
    what = _("The key of %(name)s, %(role)s", name=made.name, role=_(states.ROLE[made.role]))
    return await _page(request, once=Once(what, made.key, _only_here()))


async def change(request: Request, key_id: str) -> Response:
    """Change a key's name, role or expiry."""
    form = await forms.begin(request)
    wanted = forms.edited(form, _written(form))
    if "lasting" in form:
        wanted["lasting"] = True
    if not wanted:
        return go(request, PATH, unchanged())
    done = await _tried(_changing(request, key_id, wanted))
    return go(request, PATH, told(done, _("Changed. Here it holds at once, everywhere within 10 seconds.")))


async def rotate(request: Request, key_id: str) -> Response:
    """Give a key another secret, and show it this once."""
    form = await forms.begin(request)
    made = await _tried(_rotating(request, key_id, forms.text(form, "grace")))
    if isinstance(made, No):
        return _said(request, made.text, tone="fail")
    what = _("The new secret of %(name)s", name=made.name)
    return await _page(request, once=Once(what, made.key, _only_here()))


async def link(request: Request, key_id: str) -> Response:
    """Make a link that signs a browser in once, and show it this once."""
    once = await linked(request, lambda wanted: keys.link(request, key_id, wanted), _why)
    return _said(request, once.text, tone="fail") if isinstance(once, No) else await _page(request, once=once)


async def revoke(request: Request, key_id: str) -> Response:
    """End a key and its sign-ins."""
    i18n.use(preferences.read(request).language)
    done = await _tried(keys.revoke(request, key_id))
    return go(
        request, PATH, told(done, _("Revoked. The key and its sign-ins have ended, everywhere within 10 seconds."))
    )


async def _making(request: Request, wanted: dict[str, Any]) -> NewKey:
    return await keys.make(request, KeyWanted.model_validate(wanted))


async def _changing(request: Request, key_id: str, wanted: dict[str, Any]) -> KeyInfo:
    return await keys.change(request, key_id, KeyChange.model_validate(wanted))


async def _rotating(request: Request, key_id: str, grace: str) -> NewKey:
    return await keys.rotate(request, key_id, KeyRotate.model_validate_strings({"graceSeconds": grace or "0"}))


async def _tried(doing: Awaitable[T]) -> T | No:
    """Wait for an action on a key; return its result, or why it was refused."""
    return await tried(doing, _why)


def _why(problem: Problem) -> str:
    if problem.extra.get("currentStatus") == keys.LAST_ADMIN:
        return _(
            "This is the last admin key that does not end by itself: without it nobody could make keys any more."
            " Make another admin key first, then this one can go. Nothing was changed."
        )
    if problem.kind == "not-found":
        return _("This key has ended meanwhile. Nothing was changed.")
    wrong = {str(one["path"]) for one in problem.extra.get("errors", ())}
    if "days" in wrong:
        return _("A key ends after up to 3,660 days: write a number above 0, or leave it empty. Nothing was changed.")
    if "person" in wrong:
        return _("This person has ended meanwhile, or never was: choose another one. Nothing was changed.")
    if "name" in wrong and "handle" in problem.detail:
        return _("This is a person's handle: choose whose key it is, or write another name. Nothing was changed.")
    if "name" in wrong:
        return _("Say whose key it is: a name of 1 to 200 letters. Nothing was changed.")
    if "" in wrong:
        return _("Write after how many days it ends, or tick that it does not end, not both. Nothing was changed.")
    return in_words(problem)[1]


def _only_here() -> str:
    return _("It is shown here only: whoever it is for has to keep it now. If it is lost, make another secret.")


def _written(form: FormData) -> dict[str, Any]:
    wanted: dict[str, Any] = {"name": forms.text(form, "name", 200), "role": forms.text(form, "role")}
    days = forms.text(form, "days", 20)
    if days:
        wanted["days"] = days
    if "person" in form:  # not where there is nobody to choose
        wanted["person"] = forms.text(form, "person", 40)
    if "limits" in form:  # boxes that nobody ticked are sent by no browser
        wanted["scopes"] = [one for one in form.getlist("scopes") if isinstance(one, str)]
    return wanted


def _said(request: Request, text: str, *, tone: str = "done") -> Response:
    return go(request, PATH, flash.Flash(tone, text))


def _is_over(key: KeyInfo) -> bool:
    return key.revoked_at is not None or key.over


def _words(key: KeyInfo) -> str:
    return f"{key.name} {key.person} {key.key_id}"


async def _page(
    request: Request,
    *,
    once: Once | None = None,
    wrong: str = "",
    written: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    access = request.state.services.access
    every = await access.keys.all()
    over = [one for one in every if _is_over(one)]
    working = paged(request, [one for one in every if not _is_over(one)], lambda one: one.key_id, _words)
    return await render(
        request,
        "api_keys.html",
        status=status,
        working=working,
        ended=fitting(over, working.q, _words),
        most=MOST,
        own=request.state.principal.key_id,
        sign_ins=await access.sign_ins.by_key(),
        consequence=consequence_words,
        once=once,
        wrong=wrong,
        written=written or {},
        people=[(handle, one.name) for handle, one in (await access.people.known()).items() if not one.ended],
        known=tuple(Role),
        scopes=states.SCOPE,
        graces=GRACES_S,
        minutes=LINK_MINUTES,
    )
