"""Numbers in a task's texts that an agent wrote and that are none of the document's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.numbers import those_in


def unsourced(text: str, unmatched: Sequence[Mapping[str, str]]) -> list[str]:
    """Return those of the channel's unmatched numbers that the text has, each once, in the order of the text.

    A plan's phases are merged of several channels and a task may come of an opportunity: the texts stay as they were
    written, so the number is looked for, and no place: as it was found when it was written, so that `12%` is no `12`.
    """
    return those_in(text, {one["number"] for one in unmatched}) if unmatched else []
