"""Why somebody else has to approve, in the reader's language."""

from __future__ import annotations

from typing import Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from schemas.rules import Bar

_WHY: Final[dict[Bar, str]] = {
    Bar.OWN: mark("You uploaded this plan: another person has to approve it."),
    Bar.NOBODYS: mark("Your key belongs to nobody: a person has to approve, but not who uploaded the plan."),
}


def why(bar: Bar) -> str:
    return _(_WHY[bar])
