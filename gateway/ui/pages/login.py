"""`/login` and `/logout`: signing in with an API key or a link that works once, and out."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from gateway.access import links, sign_ins
from gateway.access.oidc_sign_in import Away
from gateway.audit.writing import Entry, tell, who
from gateway.problems.problem import Problem
from gateway.ui import forms, i18n, preferences, signed_in
from gateway.ui.i18n import gettext as _
from gateway.ui.rendering import go, render_without_counts

#: Says that a sign-in by a company's account has just ended here.
LEFT: Final = "left"


async def show(request: Request) -> Response:
    """Show the form. The URL chooses language and theme, since a stranger has no preferences yet."""
    preferred = preferences.read(request)
    wanted = preferred.changed(dict(request.query_params))
    if wanted != preferred:
        response = go(request, _address(request))
        preferences.store(response, wanted, secure=signed_in.is_https(request))
        return response
    secret = request.query_params.get(links.PARAMETER, "")
    if secret:
        return await _link(request, secret)
    leave = LEFT in request.query_params and await _can_leave(request)
    return form(request, forms.own_path(request.query_params.get("next", ""), "/"), leave=leave)


async def _can_leave(request: Request) -> bool:
    company = request.state.services.access.company
    try:
        return company is not None and await company.provider.leave("") is not None
    except Away:
        return False


async def _link(request: Request, secret: str) -> Response:
    """Show whom a link signs in. This does not use the link up: programs that scan links come before people."""
    principal = await request.state.services.access.links.look(secret)
    if principal is None:
        i18n.use(preferences.read(request).language)
        return form(request, "/", _gone())
    return render_without_counts(
        request, "login.html", next="/", wrong="", link=secret, whose=principal, company=False, leave=False
    )


async def sign_in(request: Request) -> Response:
    """Sign in with the key, or show the form again with the reason for the refusal."""
    given = await forms.begin(request)
    wanted = forms.own_path(forms.text(given, "next"), "/")
    access = request.state.services.access
    secret = forms.text(given, links.PARAMETER, 100)
    if secret:
        token = await access.sign_ins.open_by_link(access.links, secret, who(request))
        if token is None:
            await tell(request, Entry("sign-in.failed", "link", "", outcome="refused", after={"by": "link"}))
            return form(request, wanted, _gone())
        return _signed_in(request, wanted, token)
    key = forms.text(given, "key", 300).strip()
    try:
        principal = await access.check_key(request, key)
    except Problem as problem:
        if problem.kind == "unauthenticated":
            wrong = _("This key is not valid, or it was revoked. Check that all of it was pasted.")
            return form(request, wanted, wrong)
        if problem.kind == "rate-limited":
            return form(request, wanted, _("Too many wrong keys from here. Wait a minute and try again."), status=429)
        raise
    return _signed_in(request, wanted, await access.sign_ins.open(principal, who(request), key))


def _signed_in(request: Request, wanted: str, token: str) -> Response:
    response = go(request, wanted)
    sign_ins.set_cookie(response, token, https=signed_in.is_https(request))
    return response


def _gone() -> str:
    return _("This link was used, or its time is over. Ask for another one, or sign in with a key.")


async def sign_out(request: Request) -> Response:
    """End the sign-in. After one by a company's account the page says that the company may still know the browser."""
    https = signed_in.is_https(request)
    token = request.cookies.get(sign_ins.cookie_name(https=https))
    opened_by = ""
    if token:
        opened_by = await request.state.services.access.sign_ins.close(token, request.state.principal, who(request))
    response = go(request, f"/login?{LEFT}=1" if opened_by == "oidc" else "/login")
    sign_ins.clear_cookie(response, https=https)
    return response


async def prefer(request: Request) -> Response:
    """Store a choice of language, theme, density, clock or shortcuts."""
    given = await forms.fields(request)
    response = go(request, forms.back(given, "/"))
    wanted = preferences.read(request).changed({name: forms.text(given, name) for name in preferences.CHOICES})
    preferences.store(response, wanted, secure=signed_in.is_https(request))
    return response


def form(request: Request, wanted: str, wrong: str = "", *, status: int = 200, leave: bool = False) -> Response:
    """Return the form to sign in by, with what was wrong. `leave`: with the way out of the company's account, too."""
    return render_without_counts(
        request,
        "login.html",
        status=401 if wrong and status == 200 else status,
        next=wanted,
        wrong=wrong,
        link="",
        whose=None,
        company=request.state.services.access.company is not None,
        leave=leave,
    )


def _address(request: Request) -> str:
    wanted = forms.own_path(request.query_params.get("next", ""), "/")
    kept = {"next": "" if wanted == "/" else wanted, links.PARAMETER: request.query_params.get(links.PARAMETER, "")}
    kept = {name: value for name, value in kept.items() if value}
    return f"/login?{urlencode(kept)}" if kept else "/login"
