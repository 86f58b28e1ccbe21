"""Who may see and do what in a browser."""

from __future__ import annotations

import httpx
import pytest

from tests.browser import rows
from tests.browser.conftest import Opener, Site


async def test_leads_to_the_login_and_back(opened: Opener, site: Site) -> None:
    """A deep link without a sign-in asks for the key, then shows what was asked for."""
    page = await opened("/plans?status=awaiting_approval", role=None)
    await page.fill("#key", site.keys["viewer"])
    await page.press("#key", "Enter")
    await page.wait_for_url("**/plans?status=awaiting_approval")

    assert await page.inner_text("h1") == "Plans"


async def test_says_what_is_wrong_with_a_key(opened: Opener) -> None:
    """A wrong key is refused in words that a screen reader hears, and nothing of it is shown again."""
    page = await opened("/login", role=None)
    await page.fill("#key", "mrs_0123456789ab_" + "x" * 43)
    await page.press("#key", "Enter")

    assert "not valid" in await page.inner_text("[role=alert]")
    assert await page.input_value("#key") == ""


async def test_signs_out(opened: Opener, site: Site) -> None:
    """After signing out the sign-in is over, also for the one who kept its cookie."""
    page = await opened("/login", role=None)
    await page.fill("#key", site.keys["operator"])
    await page.press("#key", "Enter")
    await page.wait_for_url(f"{site.url}/")
    cookies = {c["name"]: c["value"] for c in await page.context.cookies()}
    await page.click("[aria-label='Sign out']")
    await page.wait_for_url("**/login")
    async with httpx.AsyncClient(base_url=site.url, cookies=cookies) as client:
        answer = await client.get("/plans")

    assert answer.headers["location"].startswith("/login")


async def test_a_viewer_sees_no_actions(opened: Opener) -> None:
    """Who may only look gets no buttons that would be refused."""
    for path in ("/plans", f"/plans/{rows.AWAITING}", "/tasks", "/tasks?view=board"):
        page = await opened(path, role="viewer")

        assert await page.locator("main form[method=post], main input[type=checkbox]").count() == 0


@pytest.mark.parametrize(
    ("role", "token", "origin", "status"),
    [
        ("analyst", "wrong", None, 403),
        ("analyst", "right", "https://elsewhere.example", 403),
        ("viewer", "right", None, 403),
        ("analyst", "right", None, 422),  # who asks may: what is refused is that the plan is nowhere
    ],
)
async def test_writes_need_role_token_and_origin(
    opened: Opener, site: Site, role: str, token: str, origin: str | None, status: int
) -> None:
    """A write is refused without the sign-in's token, from another site, and for a role that is too low."""
    page = await opened("/plans", role=role)
    csrf = await page.get_attribute("body", "data-csrf") if token == "right" else token
    cookies = {c["name"]: c["value"] for c in await page.context.cookies()}
    headers = {"Origin": origin or site.url, "Accept": "text/html"}
    async with httpx.AsyncClient(base_url=site.url, cookies=cookies, headers=headers) as client:
        answer = await client.post(
            f"/plans/{rows.uid('nowhere')}/reject", data={"csrf_token": csrf, "reason": "no", "back": "/plans"}
        )

    assert answer.status_code == status
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_never_leads_elsewhere(site: Site) -> None:
    """`next` and `back` go to this site only, whatever they say."""
    async with httpx.AsyncClient(base_url=site.url) as client:
        for wanted in (
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "/\t/evil.example",
            "javascript:1",
        ):
            answer = await client.post("/login", data={"key": site.keys["viewer"], "next": wanted})

            assert answer.headers["location"] == "/"
