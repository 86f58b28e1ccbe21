"""Take the README's pictures from the system that runs on this machine: `make screenshot` after `make demo`."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Final

from playwright.sync_api import Page, ViewportSize, sync_playwright

from gateway.cli.client import PLANS, Client
from gateway.cli.connection import Connection, find
from local.state import ROOT

IMAGES: Final = ROOT / "docs" / "images"
DESK: Final[ViewportSize] = {"width": 1280, "height": 860}
PHONE: Final[ViewportSize] = {"width": 390, "height": 780}


def main(chromium: str | None = None) -> int:
    """Write docs/images/overview.png and plan.png, and phone.png in Portuguese."""
    connection = find(os.environ)
    with Client(connection) as client:
        plans = list(client.pages(PLANS, {"channel": "shopee"}, 1))
    if not plans:
        print("there is no plan to show: make demo", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium or shutil.which("chromium"), args=["--no-sandbox"]
        )
        desk = browser.new_page(viewport=DESK, locale="en-GB")
        phone = browser.new_page(
            viewport=PHONE, locale="pt-BR", is_mobile=True, has_touch=True, device_scale_factor=1.5
        )
        for page in (desk, phone):
            sign_in(page, connection)
        for page, name, path in (
            (desk, "overview", "/"),
            (desk, "plan", f"/plans/{plans[0]['planId']}"),
            (phone, "phone", f"/plans/{plans[0]['planId']}"),
        ):
            page.goto(connection.url + path)
            page.wait_for_timeout(500)
            page.screenshot(path=IMAGES / f"{name}.png")
        browser.close()
    return 0


def sign_in(page: Page, connection: Connection) -> None:
    """Sign in as a person does."""
    page.goto(f"{connection.url}/login")
    field = page.locator("input[name=key]")
    field.fill(connection.key)
    field.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
