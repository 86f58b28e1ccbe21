"""A provider of sign-ins over HTTP, with real keys: what it says of itself, a sign-in, and what it may do wrong."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlencode

import orjson
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT = "marketplace"
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
SECRET = "a-secret-of-the-client-" + "x" * 16


@dataclass
class Account:
    """Who sits at the browser. `claims` stand in the ID token, `told` at the address for more."""

    subject: str
    claims: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)


def account(subject: str, email: str, *, verified: bool = True, name: str = "") -> Account:
    return Account(subject, {"email": email, "email_verified": verified, "name": name})


@cache
def key_of(kid: str) -> RSAKey:
    """Return the key of this name, the same for every provider: to make one takes 100 ms."""
    return RSAKey.generate_key(2048, {"kid": kid})


class FakeProvider:
    """`account` is who signs in next; `wrong` changes the claims, `sign` how the token is signed.

    `asks`: it shows a page of its own, and the account goes on from there. `strange` are keys of other kinds beside
    its own.
    """

    def __init__(self) -> None:
        self.url = ""
        self.account = account("nobody", "nobody@example.com")
        self.key = key_of("one")
        self.published = [self.key]
        self.strange: list[Mapping[str, Any]] = []
        self.wrong: Mapping[str, Any] = {}
        self.sign = "RS256"
        self.metadata: Mapping[str, Any] = {}
        self.answer: Mapping[str, str] = {}
        self.asked: list[str] = []
        self.asks = False
        self._codes: dict[str, dict[str, str]] = {}

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/keys", self.keys),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/me", self.me),
                Route("/leave", self.leave),
            ]
        )

    async def discovery(self, _: Request) -> Response:
        self.asked.append("discovery")
        told = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/me",
            "end_session_endpoint": f"{self.url}/leave",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
        }
        return JSONResponse({**told, **self.metadata})

    async def keys(self, _: Request) -> Response:
        self.asked.append("keys")
        return JSONResponse({"keys": [*self.strange, *(key.as_dict(private=False) for key in self.published)]})

    async def authorize(self, request: Request) -> Response:
        """Let the account in at once, and lead back with a code."""
        asked = dict(request.query_params)
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = {"code": code, "state": asked["state"], **self.answer}
        address = f"{asked['redirect_uri']}?{urlencode(back)}"
        if self.asks:
            return HTMLResponse(f'<a href="{escape(address)}">It is me</a>')
        return RedirectResponse(address, 302)

    async def token(self, request: Request) -> Response:
        """Give an ID token for a code, once, to the client that proves itself and what it began with."""
        form = await request.form()
        given = request.headers.get("authorization", "").removeprefix("Basic ")
        begun = self._codes.pop(str(form.get("code", "")), None)
        challenge = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
        if (
            base64.b64decode(given).decode() != f"{CLIENT}:{SECRET}"
            or begun is None
            or begun["redirect_uri"] != form.get("redirect_uri")
            or begun["code_challenge"] != base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": self.account.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": begun["nonce"],
            **self.account.claims,
            **self.wrong,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return JSONResponse(
            {"access_token": "at", "token_type": "Bearer", "expires_in": 300, "id_token": self._signed(kept)}
        )

    async def me(self, request: Request) -> Response:
        self.asked.append("me")
        if request.headers.get("authorization") != "Bearer at":
            return Response(status_code=401)
        return JSONResponse({"sub": self.account.subject, **self.account.told})

    async def leave(self, request: Request) -> Response:
        """Ask whether the account goes, and lead back."""
        assert request.query_params["client_id"] == CLIENT
        return HTMLResponse(f'<a href="{escape(request.query_params["post_logout_redirect_uri"])}">I go</a>')

    def logout_token(self, **claims: Any) -> str:
        """Return what it says where an account has signed out; `wrong` and `sign` hold of it, too."""
        now = int(time.time())
        said = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_urlsafe(8),
            "events": {LOGOUT: {}},
            **claims,
            **self.wrong,
        }
        return self._signed({name: value for name, value in said.items() if value is not None})

    def _signed(self, claims: dict[str, Any]) -> str:
        match self.sign:
            case "none":
                return f"{_part({'alg': 'none'})}.{_part(claims)}."
            case "HS256":  # by what the client knows, too
                return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
            case "by another":
                return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, key_of("another"))
            case "altered":
                head, _, signature = jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key).split(".")
                return f"{head}.{_part({**claims, 'sub': 'root'})}.{signature}"
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


def _part(content: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(content)).decode().rstrip("=")
