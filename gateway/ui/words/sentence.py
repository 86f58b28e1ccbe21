"""The one sentence at the top of a page, whose ages are elements that the page keeps true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

NONE: Final = Markup("")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`tone` and `icon` as in a Look; `link` with `action` is what to do next.

    `since` and `runbook` are those of what it says, `as_of` is when that was looked at, `mark` the mark of the
    system's verdict then.
    """

    tone: str
    icon: str
    text: Markup
    advice: Markup = NONE
    link: str = ""
    action: str = ""
    since: datetime | None = None
    runbook: str = ""
    as_of: datetime | None = None
    mark: str = ""
