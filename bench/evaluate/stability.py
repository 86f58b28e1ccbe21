"""How much scores differ from seed to seed: documents are drawn at random, and agents answer at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

#: Column -> (right, of), or a count.
Totals = Mapping[str, tuple[int, int] | int]
_PERCENT: Final = 100


def table(by_seed: Mapping[int, Totals]) -> str:
    """Return a Markdown table with the sums of each seed, and the least and greatest of them."""
    columns = list(next(iter(by_seed.values())))
    rows = [[str(seed), *(_cell(totals[column]) for column in columns)] for seed, totals in by_seed.items()]
    rows.append(["**from, to**", *(_spread([totals[column] for totals in by_seed.values()]) for column in columns)])
    head = ["seed", *columns]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def of(pair: tuple[int, int]) -> str:
    """Return (right, of) in words, a dash where there was nothing to be right about."""
    return f"{pair[0]} of {pair[1]}" if pair[1] else "-"


def _cell(total: tuple[int, int] | int) -> str:
    return str(total) if isinstance(total, int) else of(total)


def _spread(totals: Sequence[tuple[int, int] | int]) -> str:
    counts = [total for total in totals if isinstance(total, int)]
    if counts:
        return f"{min(counts)}, {max(counts)}"
    shares = [_PERCENT * total[0] / total[1] for total in totals if not isinstance(total, int) and total[1]]
    return f"{min(shares):.1f} %, {max(shares):.1f} %" if shares else "-"
