"""Numbers in a task's texts that an agent wrote and that are none of the document's figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence


def unsourced(text: str, unmatched: Sequence[Mapping[str, str]]) -> list[str]:
    """Return those of the channel's unmatched numbers that the text has, each once, in the order of the text.

    A plan's phases are merged of several channels and a task may come of an opportunity: the texts stay as they were
    written, so the number is looked for, and no place.
    """
    found = {}
    for number in dict.fromkeys(one["number"] for one in unmatched):
        place = re.search(rf"(?<![\d.,]){re.escape(number)}(?![.,]?\d)", text)
        if place is not None:
            found[number] = place.start()
    return sorted(found, key=lambda number: found[number])
