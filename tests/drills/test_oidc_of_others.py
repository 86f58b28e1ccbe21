"""People sign in with a provider that is not ours: the example server of zitadel/oidc, which needs Go to be built.

What a provider may do wrong is in tests/integration/gateway/test_gateway_oidc.py, with one of our own: it and the
gateway could understand the protocol wrongly alike.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from gateway.access.oidc_settings import OidcSettings
from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.access.sign_ins import COOKIE
from gateway.audit.writing import Who
from gateway.settings import Settings
from local.ports import free_port
from tests.integration.gateway.gateway_running import OFF, serving
from tests.support.patience import PATIENCE_S, until

ROOT = Path(__file__).parents[2]
#: The example server's own client of the kind "web application".
CLIENT, SECRET = "web", "secret"
WORD = "a-password-of-this-drill"
ACCOUNTS = {"ana": True, "eva": False}  # whether the provider has verified the e-mail


@dataclass(frozen=True)
class Site:
    """A gateway, and where its people's accounts are."""

    url: str
    pool: asyncpg.Pool
    provider: str

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, headers={"accept-language": "en"}, timeout=PATIENCE_S)


def mail(name: str) -> str:
    return f"{name}@example.com"


@contextmanager
def provider(folder: Path, port: int, back: str) -> Iterator[None]:
    """Serve the provider, with accounts of our own."""
    program = subprocess.run([ROOT / ".ci" / "oidc-provider"], stdout=subprocess.PIPE, text=True, check=True)
    users = folder / "users.json"
    fields = {"Password": WORD, "FirstName": "Ana", "LastName": "Lima", "PreferredLanguage": "pt"}
    users.write_text(
        json.dumps(
            {
                f"id-{name}": {
                    "ID": f"id-{name}", "Username": name, "Email": mail(name), "EmailVerified": verified, **fields
                }
                for name, verified in ACCOUNTS.items()
            }
        )
    )  # fmt: skip
    env = {"PORT": str(port), "REDIRECT_URI": back, "USERS_FILE": str(users)}
    with (folder / "provider.log").open("w") as log:
        process = subprocess.Popen([program.stdout.strip()], env=env, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
async def site(database_url: str, pool: asyncpg.Pool, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    port = free_port()
    issuer = f"http://localhost:{port}/"
    settings = Settings(database_url=database_url, limits=OFF, oidc=OidcSettings(issuer, CLIENT, SECRET))
    async with serving(settings) as (url, _):
        with provider(tmp_path_factory.mktemp("provider"), port, f"{url}/login/oidc/back"):

            async def serves() -> bool:
                async with httpx.AsyncClient() as client:
                    try:
                        return (await client.get(f"{issuer}.well-known/openid-configuration")).is_success
                    except httpx.TransportError:
                        return False

            await until(serves)
            for name in ACCOUNTS:
                await People(pool).make(New(name, name.title(), Role.ANALYST, mail(name)), Who("test"))
            yield Site(url, pool, issuer)


async def entered(site: Site, browser: httpx.AsyncClient, name: str, word: str = WORD) -> str:
    """Sign in on the provider's own page; return where it leads the browser, or what its page says."""
    begun = await browser.get("/login/oidc?next=/tasks")
    assert begun.status_code == 303, begun.text
    async with httpx.AsyncClient(timeout=PATIENCE_S) as outside:
        asked = await outside.get(begun.headers["location"])
        page = await outside.get(httpx.URL(site.provider).join(asked.headers["location"]))
        given = re.search(r'name="id" value="([^"]+)"', page.text)
        assert given is not None, page.text
        form = {"username": name, "password": word, "id": given[1]}
        done = await outside.post(f"{site.provider}login/username", data=form)
        if done.status_code != 302:
            return done.text
        back = await outside.get(httpx.URL(site.provider).join(done.headers["location"]))
        return str(back.headers["location"])


async def why(site: Site) -> str:
    """Return why the last sign-in was refused."""
    told = "select reason from audit.entry where action = 'sign-in.failed' order by entry_id desc limit 1"
    return str(await site.pool.fetchval(told))


async def test_a_person_comes_in_and_an_answer_counts_once(site: Site) -> None:
    async with site.browser() as browser:
        back = await entered(site, browser, "ana")
        assert back.startswith(f"{site.url}/login/oidc/back?")
        inside = await browser.get(back)
        assert (inside.status_code, COOKIE in browser.cookies) == (200, True), inside.text
        assert (await browser.get("/api/tasks")).status_code == 200
        (own,) = (await browser.get("/api/sign-ins")).json()["items"]
        assert own["openedBy"] == "oidc"
    async with site.browser() as another:
        again = await another.get(back)
        assert (again.status_code, COOKIE in another.cookies) == (401, False)
    told = "select actor, kind, target from audit.entry where action = 'person.link' order by entry_id desc limit 1"
    assert tuple(await site.pool.fetchrow(told) or ()) == ("ana", "person", "ana")


async def test_the_account_counts_the_second_time(site: Site) -> None:
    for _ in range(2):
        async with site.browser() as browser:
            inside = await browser.get(await entered(site, browser, "ana"))
            assert inside.status_code == 200, inside.text
    accounts = await site.pool.fetch("select issuer, subject from access.person_identity")
    assert [tuple(row) for row in accounts] == [(site.provider, "id-ana")]


async def test_an_e_mail_that_the_provider_has_not_verified_lets_nobody_in(site: Site) -> None:
    async with site.browser() as browser:
        refused = await browser.get(await entered(site, browser, "eva"))
        assert (refused.status_code, COOKIE in browser.cookies) == (401, False)
    assert await why(site) == "no-email"


async def test_who_does_not_know_the_password_is_kept_by_the_provider(site: Site) -> None:
    async with site.browser() as browser:
        page = await entered(site, browser, "ana", str(uuid4()))
        assert "username or password wrong" in page


async def test_another_secret_of_the_client_gets_no_token(site: Site, database_url: str) -> None:
    """The provider refuses us, and not the person."""
    settings = OidcSettings(site.provider, CLIENT, "another-secret")
    async with (
        serving(Settings(database_url=database_url, limits=OFF, oidc=settings)) as (url, _),
        site.browser() as browser,
    ):
        moved = httpx.URL(await entered(site, browser, "ana")).copy_with(port=httpx.URL(url).port)
        refused = await browser.get(moved)
        assert (refused.status_code, COOKIE in browser.cookies) == (401, False)
    assert await why(site) == "code"
