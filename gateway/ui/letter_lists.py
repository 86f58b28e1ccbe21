"""The filters of the lists of waiting records and of dead letters, as the URL has them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from gateway.ui.lists import text

#: The rates of a replay of many letters from a page, in letters a second; the first is the default.
RATES: Final = (20, 1, 5, 100, 500)
#: The filters by their names in the URL.
NARROWING: Final = ("status", "cause", "plan", "q", "code", "type", "group", "since")
#: The value in the URL for all codes of records that are not believed: a finding counts them together.
NOT_BELIEVED: Final = "not-believed"
#: How far back a list goes.
SINCE: Final = {"1h": timedelta(hours=1), "1d": timedelta(days=1), "7d": timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class LetterView:
    """Unknown values are dropped, so that an old link still works. `cause` is a fingerprint, `since` a key of SINCE."""

    path: str
    status: str = ""
    cause: str = ""
    plan: str = ""
    q: str = ""
    code: str = ""
    type: str = ""
    group: str = ""
    since: str = ""
    cursor: str = ""

    def url(self, **changes: str) -> str:
        """Return the list's address with some values changed; any change but the cursor's starts at the top."""
        values = {name: getattr(self, name) for name in NARROWING} | changes
        kept = {name: value for name, value in values.items() if value}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    @property
    def narrowed(self) -> bool:
        """Return whether any filter is set."""
        return any(getattr(self, name) for name in NARROWING)


def read(path: str, query: QueryParams, states: Collection[str]) -> LetterView:
    """Read a list's state from the URL."""
    status = query.get("status", "")
    since = query.get("since", "")
    return LetterView(
        path,
        status=status if status in states else "",
        cause=text(query, "cause", 40),
        plan=text(query, "plan", 60),
        q=text(query, "q"),
        code=text(query, "code"),
        type=text(query, "type"),
        group=text(query, "group"),
        since=since if since in SINCE else "",
        cursor=text(query, "cursor", 2000),
    )
