"""Two records that wait and two dead letters, for the pages that show them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import asyncpg

from tests.browser import rows
from tests.support.letters import add_letter, add_waiting, upload_of

PLAN = str(rows.EXECUTING)


@dataclass(frozen=True)
class Records:
    head: str
    behind: str
    letter: str
    poison: str

    def pages(self) -> dict[str, str]:
        return {
            "retries": "/retries",
            "letters": "/letters",
            "letter": f"/letters/{self.letter}",
            "edit": f"/letters/{self.letter}/edit",
            "poison": f"/letters/{self.poison}",
            "nothing": "/letters?q=nothing+is+called+this",
            "dry run": f"/letters/dry-run?{urlencode([('id', self.letter), ('id', self.poison), ('id', 'nobody')])}",
        }


async def add_records(pool: asyncpg.Pool) -> Records:
    """Put them into the database."""
    head = await add_waiting(pool, plan=PLAN, offset=10)
    behind = await add_waiting(pool, plan=PLAN, offset=11, behind=head, code="")
    event = upload_of(PLAN, "Título <script>alert(1)</script>")
    letter = await add_letter(pool, event=event, message="order 17 cannot be found")
    poison = await add_letter(pool, plan=PLAN, group="projections", code="damaged", message="x" * 400)
    return Records(head, behind, letter, poison)
