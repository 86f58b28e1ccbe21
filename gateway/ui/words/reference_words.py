"""The reference in the reader's language: groups, what calls and events are, answers, kinds of problems.

The documents that it is made of are in English. What each field holds is told in their words alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gateway.problems.kinds import KINDS
from gateway.ui import i18n
from gateway.ui.reference import Call, Event

_TITLES: Final = {kind.title for kind in KINDS.values()}


def told(text: str) -> str:
    """Return a text of the documents in the current language."""
    return i18n.raw(text)


def answer(says: str) -> str:
    """Return when a call answers so: in the words of the document, or the titles of the problems that it can be."""
    return f"{'; '.join(map(told, _parts(says)))}."


def _parts(says: str) -> list[str]:
    whole = says.removesuffix(".")
    parts = whole.split("; ")
    return parts if _TITLES.issuperset(parts) else [whole]


def messages(calls: Iterable[Call], events: Iterable[Event]) -> Iterator[str]:
    """Yield every text of the documents that is told in the reader's language, for the catalogues."""
    for call in calls:
        yield call.group
        yield call.summary
        for one in call.answers:
            yield from _parts(one.says)
    yield from (event.summary for event in events)
    for kind in KINDS.values():
        yield kind.title
        yield kind.meaning
