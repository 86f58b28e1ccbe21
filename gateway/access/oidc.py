"""The client of a company's OpenID Connect provider: begins sign-ins there, and validates its answers.

The authorization code flow with PKCE, a state and a nonce, each new for each sign-in. What comes back is believed only
as an ID token that is signed by a key of the provider's, by an algorithm of two keys, for us, now and for this very
sign-in.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import ssl
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from gateway.access.logout_tokens import LEEWAY_S, SignedOut, about
from gateway.access.oidc_settings import OidcSettings, is_private
from gateway.access.oidc_sign_in import Away, Begun, Claimed, NotBelieved

#: By which an ID token may be signed: never `none`, nor by the secret that we know, too.
ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
SCOPE: Final = "openid email profile"
#: Seconds for which what a provider says of itself is remembered.
REMEMBER_S: Final = 3600.0
#: Seconds after which its keys may be asked for again, where a token names one that is not among them.
KEYS_AGAIN_S: Final = 60.0
TIMEOUT_S: Final = 5.0
#: Bytes of an answer of a provider at most.
MOST: Final = 256 * 1024


@dataclass(slots=True)
class _Known:
    """The metadata and keys of a provider, and when each was fetched (monotonic, seconds).

    `trusted`: the TLS context for its server, kept because making one takes 30 ms.
    """

    metadata: Mapping[str, Any]
    keys: KeySet
    trusted: ssl.SSLContext
    at: float
    keys_at: float


class Provider:
    """An OpenID Connect provider. Methods raise Away if it gives no usable answer."""

    def __init__(self, settings: OidcSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings = settings
        self._clock = clock
        self._known: _Known | None = None
        self._asking: dict[str, asyncio.Task[_Known]] = {}

    async def begin(self, redirect_uri: str) -> Begun:
        """Begin a sign-in: return the provider's address, and the state to keep until the browser returns."""
        known = await self._told()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        async with self._client(known, redirect_uri) as client:
            url, _ = client.create_authorization_url(
                known.metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return Begun(url, state, nonce, verifier)

    async def finish(self, redirect_uri: str, begun: Begun, answer: Mapping[str, str]) -> Claimed:
        """Return the person named by the provider's `answer`, which the browser brought. Raises NotBelieved."""
        if not hmac.compare_digest(answer.get("state", "").encode("utf-8", "replace"), begun.state.encode()):
            raise NotBelieved("state")
        known = await self._told()
        # where the provider says who answers, another one's answer was not brought here by mistake
        said_by = answer.get("iss", "")
        if said_by != self.settings.issuer and (said_by or known.metadata.get(_SAYS_ISS)):
            raise NotBelieved("issuer")
        if answer.get("error") or not answer.get("code"):
            raise NotBelieved("denied")
        try:
            async with self._client(known, redirect_uri) as client:
                token = await client.fetch_token(
                    known.metadata["token_endpoint"],
                    code=answer["code"],
                    code_verifier=begun.verifier,
                    grant_type="authorization_code",
                )
                claims = await self._believed(token, begun.nonce)
                if not claims.get("email") and known.metadata.get("userinfo_endpoint"):
                    claims = await self._more(client, known, claims)
        except OAuthError:
            raise NotBelieved("code") from None
        except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
            self._known = None  # its address or its certificate may be another one since
            raise Away(f"{type(error).__name__}: {error}") from None
        return _claimed(self.settings.issuer, claims)

    async def leave(self, back: str) -> str | None:
        """Return the address at which a browser signs out of the provider; None if it offers none over TLS.

        No ID token is stored to name the sign-in: the provider asks the person, and knows us by our client id.
        """
        told = str((await self._told()).metadata.get("end_session_endpoint", ""))
        if not is_private(told):
            return None
        asked = urlencode({"client_id": self.settings.client_id, "post_logout_redirect_uri": back})
        return f"{told}{'&' if '?' in told else '?'}{asked}"

    async def signed_out(self, raw: str) -> SignedOut:
        """Return which account has signed out there, as a logout token says. Raises NotBelieved."""
        try:
            token = await self._signed(raw)
        except (JoseError, ValueError, TypeError, AttributeError):
            raise NotBelieved("token") from None
        return about(self.settings.issuer, self.settings.client_id, token.header, token.claims)

    async def _believed(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """Check signature, issuer, audience, times and nonce of an ID token; return its claims. Raises NotBelieved."""
        raw = token.get("id_token")
        if not isinstance(raw, str):
            raise NotBelieved("token")
        try:
            signed = await self._signed(raw)
            options = {
                "iss": {"essential": True, "value": self.settings.issuer},
                "aud": {"essential": True, "value": self.settings.client_id},
            }
            params = {
                "nonce": nonce,
                "client_id": self.settings.client_id,
                "access_token": token.get("access_token"),
            }
            claims = CodeIDToken(signed.claims, signed.header, options, params)
            claims.validate(leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError, AttributeError):
            raise NotBelieved("token") from None
        return dict(claims)

    async def _signed(self, raw: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        known = await self._told()
        try:
            return jwt.decode(raw, known.keys, registry=registry)
        except InvalidKeyIdError:
            if self._clock() - known.keys_at < KEYS_AGAIN_S:
                raise
        known = await self._once("keys", partial(self._renewed, known))
        return jwt.decode(raw, known.keys, registry=registry)

    async def _renewed(self, known: _Known) -> _Known:
        """Return the provider's metadata with its keys fetched anew. Raises Away."""
        try:
            async with self._client(known, "") as client:
                known.keys = await _keys(client, known.metadata)
        except (httpx2.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            self._known = None  # their address or its certificate may be another one since
            raise Away(f"{type(error).__name__}: {error}") from None
        known.keys_at = self._clock()
        return known

    async def _once(self, what: str, ask: Callable[[], Coroutine[Any, Any, _Known]]) -> _Known:
        """Ask the provider once for all concurrent callers; return the answer, or raise its error.

        Anybody may send tokens: however many arrive, one request at a time goes to the provider.
        """
        asking = self._asking.get(what)
        if asking is None:
            asking = self._asking[what] = asyncio.create_task(ask())
            asking.add_done_callback(partial(self._answered, what))
        return await asyncio.shield(asking)

    def _answered(self, what: str, asked: asyncio.Task[_Known]) -> None:
        del self._asking[what]
        if not asked.cancelled():
            asked.exception()  # whoever asked may have gone

    async def _more(self, client: AsyncOAuth2Client, known: _Known, claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the claims, completed by the provider's userinfo. Raises NotBelieved if that is of another account."""
        told = await _json(client, known.metadata["userinfo_endpoint"], withhold_token=False)
        if told.get("sub") != claims["sub"]:
            raise NotBelieved("token")
        return {**told, **claims}

    async def _told(self) -> _Known:
        """Return the provider's metadata, remembered for an hour."""
        if self._known is not None and self._clock() - self._known.at < REMEMBER_S:
            return self._known
        return await self._once("metadata", self._discovered)

    async def _discovered(self) -> _Known:
        issuer = self.settings.issuer
        try:
            trusted = await asyncio.to_thread(httpx2.create_ssl_context)
            async with AsyncOAuth2Client(timeout=TIMEOUT_S, verify=trusted) as client:
                metadata = await _json(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
                if metadata.get("issuer") != issuer:
                    raise Away(f"it calls itself {str(metadata.get('issuer'))[:200]!r}, not {issuer!r}")
                if wrong := [name for name in _ENDPOINTS if not is_private(str(metadata.get(name, "")))]:
                    raise Away(f"its {', '.join(wrong)} is no https:// address")
                keys = await _keys(client, metadata)
        except (httpx2.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise Away(f"{type(error).__name__}: {error}") from None
        self._known = _Known(metadata, keys, trusted, self._clock(), self._clock())
        return self._known

    def _client(self, known: _Known, redirect_uri: str) -> AsyncOAuth2Client:
        ways = known.metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return AsyncOAuth2Client(
            self.settings.client_id,
            self.settings.client_secret,
            scope=SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if "client_secret_basic" in ways else "client_secret_post",
            timeout=TIMEOUT_S,
            verify=known.trusted,
        )


_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_SAYS_ISS: Final = "authorization_response_iss_parameter_supported"


async def _keys(client: AsyncOAuth2Client, metadata: Mapping[str, Any]) -> KeySet:
    """Return the provider's keys of known kinds. Keys of other kinds are skipped: they serve other clients."""
    told: Any = (await _json(client, metadata["jwks_uri"]))["keys"]
    found = []
    for one in told:
        with suppress(JoseError, ValueError, KeyError, TypeError):
            found += KeySet.import_key_set({"keys": [one]}).keys
    if not found:
        raise ValueError("it has no key that is known here")
    return KeySet(found)


async def _json(client: AsyncOAuth2Client, url: str, *, withhold_token: bool = True) -> dict[str, Any]:
    """Return the object at an address of the provider; no redirect is followed. Raises httpx2's errors, ValueError."""
    answer = await client.request("GET", url, withhold_token=withhold_token, follow_redirects=False)
    answer.raise_for_status()
    if answer.is_redirect or len(answer.content) > MOST:
        raise ValueError(f"{url} answers with a redirect, or with more than {MOST} bytes")
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError(f"{url} answers with no object")  # noqa: TRY004 - what a provider says, no mistake of types here
    return found


def _claimed(issuer: str, claims: Mapping[str, Any]) -> Claimed:
    subject, email, name = (claims.get(one) for one in ("sub", "email", "name"))
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise NotBelieved("token")
    verified = claims.get("email_verified") is True and isinstance(email, str)
    sign_in = claims.get("sid")
    return Claimed(
        issuer,
        subject,
        str(email).lower() if verified else "",
        name if isinstance(name, str) else "",
        sign_in if isinstance(sign_in, str) and len(sign_in) <= 255 and sign_in.isprintable() else "",
    )
