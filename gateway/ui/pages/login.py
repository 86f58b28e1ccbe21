"""`/login` and `/logout`: signing in and out with an API key."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from gateway.access import sign_ins
from gateway.audit.writing import who
from gateway.problems import Problem
from gateway.ui import forms, preferences, signed_in
from gateway.ui.i18n import gettext as _
from gateway.ui.rendering import go, render_without_counts


async def show(request: Request) -> Response:
    """Show the form. The URL chooses language and theme, since a stranger has no preferences yet."""
    preferred = preferences.read(request)
    wanted = preferred.changed(dict(request.query_params))
    if wanted != preferred:
        response = go(request, _address(request))
        preferences.store(response, wanted, secure=signed_in.is_https(request))
        return response
    return _form(request, forms.own_path(request.query_params.get("next", ""), "/"))


async def sign_in(request: Request) -> Response:
    """Sign in with the key, or show the form again with the reason for the refusal."""
    form = await forms.begin(request)
    wanted = forms.own_path(forms.text(form, "next"), "/")
    access = request.state.services.access
    try:
        principal = await access.check_key(request, forms.text(form, "key", 300))
    except Problem as problem:
        if problem.kind == "unauthenticated":
            wrong = _("This key is not valid, or it was revoked. Check that all of it was pasted.")
            return _form(request, wanted, wrong)
        if problem.kind == "rate-limited":
            return _form(request, wanted, _("Too many wrong keys from here. Wait a minute and try again."), status=429)
        raise
    whose = replace(who(request), actor=principal.name, key_id=principal.key_id)
    token = await access.sign_ins.open(principal, whose)
    response = go(request, wanted)
    sign_ins.set_cookie(response, token, https=signed_in.is_https(request))
    return response


async def sign_out(request: Request) -> Response:
    """End the sign-in."""
    https = signed_in.is_https(request)
    token = request.cookies.get(sign_ins.cookie_name(https=https))
    if token:
        await request.state.services.access.sign_ins.close(token, who(request))
    response = go(request, "/login")
    sign_ins.clear_cookie(response, https=https)
    return response


async def prefer(request: Request) -> Response:
    """Keep a choice of language, theme, density, clock or shortcuts."""
    form = await forms.fields(request)
    response = go(request, forms.back(form, "/"))
    wanted = preferences.read(request).changed({name: forms.text(form, name) for name in preferences.CHOICES})
    preferences.store(response, wanted, secure=signed_in.is_https(request))
    return response


def _form(request: Request, wanted: str, wrong: str = "", *, status: int = 200) -> Response:
    return render_without_counts(
        request, "login.html", status=401 if wrong and status == 200 else status, next=wanted, wrong=wrong
    )


def _address(request: Request) -> str:
    wanted = forms.own_path(request.query_params.get("next", ""), "/")
    return "/login" if wanted == "/" else f"/login?{urlencode({'next': wanted})}"
