"""A person with a keyboard alone, and the alerts that wake one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
from playwright.async_api import Page

from gateway.verdict.kinds import TRAITS, Kind

#: A page has so many places at most that are in the way.
IN_THE_WAY = 90
PRESSED, TICKED, WRITTEN = "a, button, summary", "input[type=checkbox]", "input, textarea"
#: What the place that has the focus says, if it is one of those: its own words, its name, or that of its label.
SAID = """places => {
    const it = document.activeElement;
    if (!it.matches(places)) return '';
    return [it.innerText, it.getAttribute('aria-label'), ...[...(it.labels ?? [])].map(l => l.innerText)].join(' ');
}"""


class Keyboard:
    """Goes to what a person reads, and counts how often something is done."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.done = 0

    async def press(self, said: str) -> None:
        """Go on by the tabulator to what says so, and press Enter there."""
        await self.reach(said, PRESSED)
        self.done += 1
        await self.page.keyboard.press("Enter")

    async def choose(self, said: str) -> None:
        """Go on to a box that says so, and tick it."""
        await self.reach(said, TICKED)
        self.done += 1
        await self.page.keyboard.press("Space")

    async def write(self, said: str, text: str) -> None:
        """Go on to a field that says so, and write into it in place of what it has."""
        await self.reach(said, WRITTEN)
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.insert_text(text)

    async def reach(self, said: str, places: str) -> None:
        for _ in range(IN_THE_WAY):
            await self.page.keyboard.press("Tab")
            if said in await self.page.evaluate(SAID, places):
                return
        raise AssertionError(f"no key leads to {said!r}")


async def alert(db: asyncpg.Connection, kind: Kind, subject: str = "", **values: object) -> UUID:
    """Return an alert that is open, as the engine keeps it."""
    made = uuid4()
    finding = {"kind": kind, "subject": subject, "since": None, "values": values}
    runbook = TRAITS[kind].runbook
    await db.execute(
        "insert into flow.alert (alert_id, key, kind, subject, severity, state, finding, text, evidence, advice,"
        " runbook, opened_at) values ($1, $2, $3, $4, 'warning', 'open', $5, '', '', '', $6, $7)",
        made,
        f"{kind}:{made}",
        kind,
        subject,
        json.dumps(finding),
        f"docs/runbooks/{runbook}" if runbook else "",
        datetime.now(UTC) - timedelta(minutes=3),
    )
    return made
