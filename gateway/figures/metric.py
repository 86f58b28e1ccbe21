"""What is to be known of a figure besides its value."""

from __future__ import annotations

from dataclasses import dataclass

#: Ways to get a figure: each names the fields that it needs, and one of them is enough.
Needs = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """What is to be known of a figure besides its value. `made_of`: the figures in its formula."""

    title: str
    formula: str
    needs: Needs = ()
    made_of: tuple[str, ...] = ()
