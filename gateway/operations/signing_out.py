"""Ends sign-ins at the request of the company's provider: its user signed out there, or the account ended."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

import structlog
from starlette.requests import Request

from gateway.access.oidc_sign_in import Away, NotBelieved
from gateway.access.roles import PERSON
from gateway.audit.writing import Who, who
from gateway.http.bodies import media_type
from gateway.problems.problem import Problem, not_found
from gateway.services.services import Services

log = structlog.get_logger("gateway")

FORM: Final = "application/x-www-form-urlencoded"
#: The actor in the audit.
PROVIDER: Final = "oidc"

_NONE: Final = "logout_token is none of the provider's for this system, now."


async def sign_out(request: Request, body: bytes) -> None:
    """End the sign-ins that a logout token names, and their people's live connections; there may be none.

    A token that comes again gets the same answer and ends nothing more.

    Raises Problem 404 if no provider is set, 415 unless the body is a form, 400 for a token that is not the provider's,
    503 while the provider's keys cannot be read.
    """
    services: Services = request.state.services
    company = services.access.company
    if company is None:
        raise not_found("sign-in", "by a company's account: no provider is set")
    if media_type(request) != FORM:
        raise Problem("unsupported-media-type", f"Send a form, with 'Content-Type: {FORM}'.", headers={"Accept": FORM})
    try:
        about = await company.provider.signed_out(_token(body))
        by = who(request)
        told = Who(PROVIDER, "", by.address, by.request_id)
        people = await services.access.sign_ins.end_at_provider(about, told)
    except Away as away:
        log.warning("the company's sign-in does not answer as one", cause=str(away)[:300])
        raise Problem("unavailable", "The provider's keys cannot be had now: tell it again.") from None
    except NotBelieved as refused:
        # limited and recorded like a wrong key, so that strangers cannot fill the table
        await services.access.refuse(request, refused.reason)
        log.warning("the company's sign-out is not believed", why=refused.reason)
        raise Problem("bad-request", _NONE) from None
    for person in people:
        services.streams.end(f"{PERSON}{person}")


def _token(body: bytes) -> str:
    """Return the one token of the form. Raises NotBelieved."""
    try:
        given = parse_qs(body.decode("ascii"), max_num_fields=20).get("logout_token", [])
    except ValueError:
        given = []
    if len(given) != 1:
        raise NotBelieved("form")
    return given[0]
