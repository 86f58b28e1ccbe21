"""The words of a calendar's entries in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.exports.calendar import ENGLISH, CalendarWords
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark, raw
from gateway.ui.states import PRIORITY
from gateway.ui.words.lifecycle_words import TASK
from gateway.ui.words.look import Look
from schemas.channels import CHANNELS

_PRIORITY: Final = mark("Priority")


def now() -> CalendarWords:
    """Return the words in the language of this request: entries are written later, and elsewhere."""
    return CalendarWords(
        _said(TASK), _said(PRIORITY), CHANNELS, _(_PRIORITY), raw(ENGLISH.phase), raw(ENGLISH.sourceless)
    )


def _said(looks: Mapping[str, Look]) -> dict[str, str]:
    return {str(name): _(look.word) for name, look in looks.items()}
