"""What other services tell this one: each by a signature of its own, since they have no key."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.http.bodies import read_all
from gateway.http.door import Operation, resource
from gateway.operations import pagerduty, signing_out
from gateway.routes.answers import json_answer
from gateway.shapes.hooks import HookHeard

PAGERDUTY: Final = "/api/hooks/pagerduty"
#: PagerDuty's are a few KiB.
MOST_BYTES: Final = 256 * 1024
ERRORS: Final = ("bad-request", "unauthenticated", "not-found", "too-large", "invalid")

#: Where the company's provider says that somebody has signed out there.
SIGN_OUT: Final = "/login/oidc/ended"
#: A token is 2 KiB.
MOST_TOKEN: Final = 64 * 1024
ENDS: Final = ("bad-request", "not-found", "too-large", "unsupported-media-type", "unavailable")


def routes() -> list[BaseRoute]:
    return [
        resource(
            PAGERDUTY,
            POST=Operation(from_pagerduty, None, "commands", HookHeard, 200, ERRORS, takes="application/json"),
        ),
        resource(SIGN_OUT, POST=Operation(from_provider, None, "commands", errors=ENDS, hidden=True)),
    ]


async def from_pagerduty(request: Request) -> Response:
    """Take PagerDuty's webhook: an incident acknowledged or resolved there acknowledges its alert here.

    It goes on while what it tells of does, whatever is said of it there.

    A webhook of version 3, signed in X-PagerDuty-Signature. What changes nothing is answered with the reason.
    """
    settings = request.state.services.settings
    raw = await read_all(request, MOST_BYTES, settings.body_timeout)
    header = request.headers.get(pagerduty.SIGNATURE, "")
    heard = await pagerduty.hear(request, header, raw)
    return json_answer(HookHeard(outcome=heard.outcome, why=heard.why))


async def from_provider(request: Request) -> Response:
    """Hear of the company's provider that an account has signed out: its sign-ins here end.

    OpenID Connect Back-Channel Logout 1.0: a form with one `logout_token`.
    """
    raw = await read_all(request, MOST_TOKEN, request.state.services.settings.body_timeout)
    await signing_out.sign_out(request, raw)
    return Response(status_code=200, headers={"Cache-Control": "no-store"})
