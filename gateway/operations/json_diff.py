"""The differences between two JSON documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

#: The most differences that are listed: with more it is another document.
MOST: Final = 500
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `path` is a JSON pointer (RFC 6901).

    `before` is None if `kind` is added, `after` if it is removed.
    """

    path: str
    kind: str  # added, removed or changed
    before: Any
    after: Any


def differences(before: Any, after: Any) -> list[Difference]:
    """Return where `after` differs from `before`, in the order of the documents; the first MOST of them."""
    found: list[Difference] = []
    _compare("", before, after, found)
    return found[:MOST]


def _compare(path: str, before: Any, after: Any, found: list[Difference]) -> None:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(k for k in after if k not in before)]:
            step = str(key).replace("~", "~0").replace("/", "~1")
            _compare(f"{path}/{step}", before.get(key, _ABSENT), after.get(key, _ABSENT), found)
    elif isinstance(before, list) and isinstance(after, list):
        for n in range(max(len(before), len(after))):
            _compare(
                f"{path}/{n}",
                before[n] if n < len(before) else _ABSENT,
                after[n] if n < len(after) else _ABSENT,
                found,
            )
    elif before is _ABSENT:
        found.append(Difference(path, "added", None, after))
    elif after is _ABSENT:
        found.append(Difference(path, "removed", before, None))
    elif type(before) is not type(after) or before != after:
        found.append(Difference(path, "changed", before, after))
