"""`/login/oidc`: signing in with an account of the company, there and back."""

from __future__ import annotations

from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.access import sign_ins
from gateway.access.identities import Company
from gateway.access.oidc_sign_in import Away, NotBelieved, Stranger, packed, unpacked
from gateway.audit.writing import Entry, tell, who
from gateway.problems.problem import not_found
from gateway.ui import forms, i18n, preferences, signed_in
from gateway.ui.i18n import gettext as _
from gateway.ui.pages.login import form
from gateway.ui.rendering import render_without_counts
from gateway.ui.words import sign_in_words

log = structlog.get_logger("gateway")

BACK: Final = "/login/oidc/back"
#: Seconds that a person has for the sign-in at the provider.
LASTS_S: Final = 600
#: Sent when the provider leads back here, unlike a sign-in's cookie: so another site can bring it along, and no more.
COOKIE: Final = "marketplace_oidc"
SECURE_COOKIE: Final = "__Host-marketplace_oidc"


async def begin(request: Request) -> Response:
    """Redirect to the provider, and store in the browser what its return has to match."""
    company = _company(request)
    wanted = forms.own_path(request.query_params.get("next", ""), "/")
    try:
        begun = await company.provider.begin(_address(request))
    except Away as away:
        return _away(request, wanted, away)
    response = RedirectResponse(begun.url, 303)
    https = signed_in.is_https(request)
    response.set_cookie(
        _cookie(https=https),
        packed(begun, wanted),
        max_age=LASTS_S,
        path="/",
        secure=https,
        httponly=True,
        samesite="lax",
    )
    return response


async def back(request: Request) -> Response:
    """Sign in the person whom the provider sent back, or show the form with the reason why not."""
    company = _company(request)
    https = signed_in.is_https(request)
    kept = unpacked(request.cookies.get(_cookie(https=https), ""))
    if kept is None:
        return _refused(request, "/", "state")
    begun, wanted = kept[0], forms.own_path(kept[1], "/")  # whoever may have planted the cookie
    access = request.state.services.access
    try:
        claimed = await company.provider.finish(_address(request), begun, request.query_params)
        token = await company.identities.sign_in(claimed, access.sign_ins, who(request))
    except Away as away:
        response = _away(request, wanted, away)
    except (NotBelieved, Stranger) as refused:
        if refused.reason not in ("state", "denied"):  # a stranger's browser alone fills no table
            told = Entry("sign-in.failed", "person", "", outcome="refused", after={"by": "oidc"}, reason=refused.reason)
            await tell(request, told)
        response = _refused(request, wanted, refused.reason)
    else:
        # a page and no redirect: the browser has come from another site, so it would not send the strict cookie along
        response = render_without_counts(request, "entered.html", next=wanted)
        sign_ins.set_cookie(response, token, https=https)
    response.delete_cookie(_cookie(https=https), path="/", secure=https, httponly=True, samesite="lax")
    return response


async def leave(request: Request) -> Response:
    """Redirect to the provider's sign-out; the browser comes back to the form."""
    company = _company(request)
    try:
        url = await company.provider.leave(str(request.base_url).rstrip("/") + "/login")
    except Away as away:
        return _away(request, "/", away)
    if url is None:
        raise not_found("sign-out", "of the company's account: its provider has no such address")
    return RedirectResponse(url, 303)


def _company(request: Request) -> Company:
    company: Company | None = request.state.services.access.company
    if company is None:
        raise not_found("sign-in", "by a company's account: no provider is set")
    return company


def _address(request: Request) -> str:
    """Return where the provider is to lead back to: it knows this address, and refuses any other."""
    return str(request.base_url).rstrip("/") + BACK


def _refused(request: Request, wanted: str, reason: str) -> Response:
    i18n.use(preferences.read(request).language)
    return form(request, wanted, sign_in_words.said(reason))


def _away(request: Request, wanted: str, away: Away) -> Response:
    log.warning("the company's sign-in does not answer as one", cause=str(away)[:300])
    i18n.use(preferences.read(request).language)
    wrong = _("Your company's sign-in does not answer. Try again in a minute, or sign in with a key or a link.")
    return form(request, wanted, wrong, status=503)


def _cookie(*, https: bool) -> str:
    return SECURE_COOKIE if https else COOKIE
