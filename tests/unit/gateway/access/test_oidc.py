"""How often a provider is asked what it is, by however many strangers, and what becomes of those that it fails."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from gateway.access import oidc
from gateway.access.oidc import Provider
from gateway.access.oidc_settings import OidcSettings
from gateway.access.oidc_sign_in import Away, NotBelieved

ISSUER = "https://id.example.com"
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/begin",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}
KEY = RSAKey.generate_key(2048, {"kid": "one"})
STRANGERS = 20


class Site:
    """A provider: each address with its answer or its error; `asked` counts the requests."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, Any] = {
            "openid-configuration": METADATA,
            "keys": {"keys": [KEY.as_dict(private=False)]},
        }
        monkeypatch.setattr(oidc, "_json", self.json)

    async def json(self, _client: Any, url: str, **_: Any) -> Any:
        place = url.rpartition("/")[2]
        self.asked.append(place)
        await asyncio.sleep(0)
        if isinstance(answer := self.answers[place], Exception):
            raise answer
        return answer

    def failed(self, place: str, error: Exception) -> None:
        self.answers[place] = error


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(monkeypatch)


async def told(provider: Provider, kid: str = "two") -> list[type[Any]]:
    """Send so many tokens at once, signed by the key of this name; return the outcome of each."""
    token = jwt.encode({"alg": "RS256", "kid": kid}, {"iss": ISSUER}, KEY)
    found = await asyncio.gather(*(provider.signed_out(token) for _ in range(STRANGERS)), return_exceptions=True)
    return list({type(one) for one in found})


async def test_a_provider_that_is_away_is_asked_by_one_at_a_time(site: Site) -> None:
    site.failed("openid-configuration", httpx2.ConnectError("no route"))
    provider = Provider(OidcSettings(ISSUER, "us", "secret"))

    assert (await told(provider), len(site.asked)) == ([Away], 1)
    assert (await told(provider), len(site.asked)) == ([Away], 2)


async def test_new_keys_are_asked_for_once_whoever_names_an_unknown_one(site: Site) -> None:
    now = [1000.0]
    provider = Provider(OidcSettings(ISSUER, "us", "secret"), lambda: now[0])
    assert (await told(provider), site.asked) == ([NotBelieved], ["openid-configuration", "keys"])

    now[0] += oidc.KEYS_AGAIN_S
    assert (await told(provider), site.asked[2:]) == ([NotBelieved], ["keys"])


@pytest.mark.parametrize("error", [httpx2.ConnectError("no route"), ValueError("no JSON")])
async def test_keys_that_cannot_be_had_are_no_fault_of_a_token_and_all_is_asked_anew(
    site: Site, error: Exception
) -> None:
    now = [1000.0]
    provider = Provider(OidcSettings(ISSUER, "us", "secret"), lambda: now[0])
    await told(provider)
    now[0] += oidc.KEYS_AGAIN_S
    site.failed("keys", error)

    assert (await told(provider), site.asked[2:]) == ([Away], ["keys"])
    await told(provider)
    assert site.asked[3:] == ["openid-configuration", "keys"]


async def test_who_goes_away_meanwhile_takes_nobody_along(site: Site) -> None:
    provider = Provider(OidcSettings(ISSUER, "us", "secret"))
    gone, stays = (asyncio.create_task(provider.leave("https://here")) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()

    assert await stays is None
    assert (gone.cancelled(), site.asked) == (True, ["openid-configuration", "keys"])
