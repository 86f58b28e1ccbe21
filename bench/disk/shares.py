"""What each table grew by for one plan, and which of it lasts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bench.report.table import table
from gateway.sizing.measured import Measured

#: The aim: bytes that a plan leaves in the database, without its document's facts and what goes after a day.
AIM: Final = 12_000
#: The facts of its document, whose size is the document's.
FACTS: Final = ("decide.document", "decide.channel_sold", "decide.channel_returned")
#: Gone a day after: published events and answers to keys.
GOING: Final = ("decide.outbox", "decide.idempotency")


@dataclass(frozen=True, slots=True)
class Share:
    """What a table grew by for one plan, in bytes: its rows, the values that are stored apart, and its indexes."""

    name: str
    rows: float
    apart: float
    indexes: float

    @property
    def bytes(self) -> float:
        return self.rows + self.apart + self.indexes

    @property
    def kind(self) -> str:
        return "facts" if self.name in FACTS else "a day" if self.name in GOING else "lasting"


def of_plans(
    before: Mapping[str, Mapping[str, int]], after: Mapping[str, Mapping[str, int]], plans: int
) -> list[Share]:
    """Return what each table grew by for one of so many plans, the largest first, without those that did not."""
    shares = [
        Share(name, *((now[part] - before[name][part]) / plans for part in ("rows", "apart", "indexes")))
        for name, now in after.items()
    ]
    return sorted((one for one in shares if one.bytes >= 1), key=lambda one: -one.bytes)


def taken(shares: Sequence[Share], before: Measured) -> Measured:
    """Return the costs of a plan with the bytes that these tables take of it: its document's facts stay as it does."""
    lasting = sum(one.bytes for one in shares if one.name not in GOING)
    [outbox] = [one.bytes for one in shares if one.name == "decide.outbox"]
    return replace(before, rows=100 * round(lasting / 100), outbox=100 * round(outbox / 100))


def told(shares: Sequence[Share], plans: int) -> list[str]:
    """Return the table of what a plan leaves, and its sums."""
    rows = [
        [f"`{one.name}`", f"{one.bytes:,.0f}", f"{one.rows:,.0f}", f"{one.apart:,.0f}", f"{one.indexes:,.0f}", one.kind]
        for one in shares
    ]
    sums = {kind: sum(one.bytes for one in shares if one.kind == kind) for kind in ("lasting", "a day", "facts")}
    summed = (
        f"{plans:,} plans: {sums['lasting']:,.0f} bytes a plan stay, the aim is {AIM:,};"
        f" {sums['a day']:,.0f} go after a day, {sums['facts']:,.0f} are its document's facts"
    )
    return [
        *table(["table", "bytes a plan", "rows", "apart", "indexes", "stays"], rows),
        "",
        summed,
    ]
