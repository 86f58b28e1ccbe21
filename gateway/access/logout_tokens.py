"""Validate a provider's logout tokens (OpenID Connect Back-Channel Logout 1.0).

It comes as a token that is signed by a key of the provider's, for us and now. An ID token, which a browser has had in
its hands, is none: it has a nonce, and no such event. A token is heard once.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from gateway.access.oidc_sign_in import NotBelieved

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
#: Seconds by which clocks may differ.
LEEWAY_S: Final = 60
#: What a token may call itself, where it says it: that of an access token is none for us.
_TYPES: Final = frozenset({"", "jwt", "logout+jwt", "application/logout+jwt"})
#: One that is good for longer would be forgotten before its end (flow.hook_heard is kept for 30 days), and heard again.
LASTS_S: Final = 29 * 86_400
#: Characters of a name of an account, or of a sign-in, at most.
_MOST: Final = 255


@dataclass(frozen=True, slots=True)
class SignedOut:
    """The account, the sign-in at the provider, or both, that a logout token ends.

    Without a sign-in, the account has signed out of all of them. `token` identifies the logout token.
    """

    issuer: str
    subject: str
    sign_in: str
    token: str


def about(issuer: str, client_id: str, header: Mapping[str, Any], claims: dict[str, Any]) -> SignedOut:
    """Return the account and sign-in in a logout token whose signature was checked. Raises NotBelieved."""
    wanted = JWTClaimsRegistry(
        leeway=LEEWAY_S,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        wanted.validate(claims)
    except (JoseError, ValueError, TypeError, AttributeError):
        raise NotBelieved("token") from None
    events = claims.get("events")
    if str(header.get("typ", "")).lower() not in _TYPES or "nonce" in claims:
        raise NotBelieved("token")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise NotBelieved("event")
    if claims["exp"] > time.time() + LASTS_S or not isinstance(claims["jti"], str):
        raise NotBelieved("token")
    subject, sign_in = (_name(claims.get(one)) for one in ("sub", "sid"))
    if not subject and not sign_in:
        raise NotBelieved("nobody")
    token = hashlib.sha256(f"{issuer}\0{claims['jti']}".encode()).hexdigest()
    return SignedOut(issuer, subject, sign_in, token)


def _name(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or not 0 < len(value) <= _MOST or not value.isprintable():
        raise NotBelieved("nobody")
    return value
