"""The one sentence at the top of a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sentence:
    """`tone` and `icon` as in a Look; `link` with `action` is what to do next.

    `since` and `runbook` are those of what it says, `as_of` is when that was looked at, `mark` the mark of the
    system's verdict then.
    """

    tone: str
    icon: str
    text: str
    advice: str = ""
    link: str = ""
    action: str = ""
    since: datetime | None = None
    runbook: str = ""
    as_of: datetime | None = None
    mark: str = ""
