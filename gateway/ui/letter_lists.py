"""What a reader asked of the lists of waiting records and of dead letters, as it stands in the URL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import QueryParams


@dataclass(frozen=True, slots=True)
class LetterView:
    """Unknown values are dropped, so that an old link still works. `cause` is a fingerprint."""

    path: str
    status: str = ""
    cause: str = ""
    plan: str = ""
    q: str = ""
    cursor: str = ""

    def url(self, **changes: str) -> str:
        """Return the list's address with some values changed; any change but the cursor's starts at the top."""
        values = {name: getattr(self, name) for name in ("status", "cause", "plan", "q")} | changes
        kept = {name: value for name, value in values.items() if value}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    @property
    def narrowed(self) -> bool:
        """Say whether anything narrows the list."""
        return any((self.status, self.cause, self.plan, self.q))


def read(path: str, query: QueryParams, states: Collection[str]) -> LetterView:
    """Read a list's state from the URL."""

    def text(name: str, limit: int = 200) -> str:
        return query.get(name, "").strip().replace("\0", "")[:limit]

    status = query.get("status", "")
    return LetterView(
        path, status if status in states else "", text("cause", 40), text("plan", 60), text("q"), text("cursor", 2000)
    )
