"""Golden documents, scored: figures that are right, planted problems that are found, false alarms, SKUs that exist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from bench.evaluate.expected import same
from bench.evaluate.golden import SKUS, Golden
from bench.evaluate.golden.document import LISTINGS
from bench.evaluate.reading import Read
from bench.evaluate.stability import Totals, of
from bench.evaluate.telling import told
from local.samples import ChannelTruth
from local.samples.catalog import CHEAPER, LOSER, RETURNED, SILENT, items

Reader = Callable[[Golden], Read]

#: Figure, as told -> the field of the truth.
TRUTHS: Final = {
    "revenue": "revenue",
    "orders": "orders",
    "units": "units",
    "cancelled": "cancelled_orders",
    "returned": "returned_units",
    "refunds": "refunds",
    "fees": "fees",
    "shipping": "shipping",
}
#: What returns alone tell: figures of no sale.
_OF_RETURNS: Final = ("returns_by_cause", "cancellations_by_cause")
#: Rule -> the planted problem that it is the finding of, where two channels of a document have it.
FOUND_AS: Final = {"stopped-everywhere": "stock-out"}
#: Rule -> the planted problems that it is another view of: high fees lie above a tariff, returns have causes.
FOLLOWS: Final[dict[str, tuple[str, ...]]] = {
    "stopped-everywhere": ("stock-out",),
    "fee-audit": ("fees",),
    "return-causes": ("returns",),
    "return-room": ("returns",),
    "reputation": ("returns", "cancellations", "slow-dispatch"),
}
#: A document without a SKU column names its products by their titles, or by the numbers of their listings.
_NAMES: Final = SKUS | set(LISTINGS.values()) | {item.title for item in (*items(), LOSER, RETURNED, SILENT, CHEAPER)}
_HEAD: Final = (
    "document", "recognised as", "figures right", "planted found", "false alarms", "SKUs valid", "off its own total",
    "unknowns",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """How well one document was read and analysed; each pair is (right, of).

    `off`: how far our sums are from the marketplace's own total, as a share of it, where there is one. `unknowns`: what
    the plan says that it does not know, or only on too few data.
    """

    document: str
    recognised: str
    figures: tuple[int, int]
    planted: tuple[int, int]
    false_alarms: int
    skus: tuple[int, int]
    off: float | None = None
    unknowns: int = 0
    cpu_s: float = 0.0
    details: tuple[str, ...] = ()


def score(document: Golden, read: Read) -> Score:
    """Hold one document's reading against its truth."""
    telling = told(read)
    right = wanted = found = planted = alarms = valid = named = 0
    details: list[str] = []
    offs: list[float] = []
    unknowns = sum(len(own["unknown"]) for own in telling["channels"].values())
    if document.kind:
        wrong = _kind(document.kind, telling)
        details, right, wanted = wrong, 1 - bool(wrong), 1
    for channel, truth in document.truth.items():
        own = telling["channels"].get(channel, {"figures": {}, "findings": []})
        wrong, known = _figures(channel, truth, own["figures"])
        wrong += _currency(channel, document.currency.get(channel), own.get("currency", ""))
        known += channel in document.currency
        details += wrong
        right, wanted = right + known - len(wrong), wanted + known
        missed, extra = judge(truth.planted, own["findings"])
        details += [f"{channel}: {rule} not found" for rule in missed]
        details += [f"{channel}: {rule} is a false alarm" for rule in extra]
        found, planted, alarms = (
            found + len(truth.planted) - len(missed),
            planted + len(truth.planted),
            alarms + len(extra),
        )
        offs += [matched["share"]] if (matched := own.get("reconciliation")) else []
        skus = [sku for finding in own["findings"] for sku in finding["skus"]]
        valid, named = valid + sum(sku in _NAMES for sku in skus), named + len(skus)
    layouts = ", ".join(telling["layouts"]) or "text"
    recognised = (read.refused or {}).get("code") or layouts
    return Score(
        read.name, recognised, (right, wanted), (found, planted), alarms, (valid, named), max(offs, default=None),
        unknowns, read.cpu_s, tuple(details),
    )  # fmt: skip


def judge(planted: dict[str, str], findings: Sequence[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Return the planted problems that were missed, and the findings that nothing was planted for.

    What is planted on two channels of a document may be found as one problem of both; what follows from it is no alarm.
    """
    by_rule = {finding["rule"]: finding for finding in findings}
    named = {rule: set(finding["skus"]) for rule, finding in by_rule.items()}
    for instead, rule in FOUND_AS.items():
        if instead in named:
            named[rule] = named.get(rule, set()) | named[instead]
    missed = [rule for rule, sku in planted.items() if rule not in named or (sku and sku not in named[rule])]
    return missed, [rule for rule in by_rule if not {rule, *FOLLOWS.get(rule, ())} & planted.keys()]


def table(scores: Sequence[Score], *, seconds: bool) -> str:
    """Return the scores as a table in Markdown, the sum last; seconds differ from run to run."""
    head = [*_HEAD, *(["s (CPU)"] if seconds else [])]
    rows = [[one.document, one.recognised, *_cells(one, seconds=seconds)] for one in scores]
    total = Score(
        "all",
        "",
        summed([one.figures for one in scores]),
        summed([one.planted for one in scores]),
        sum(one.false_alarms for one in scores),
        summed([one.skus for one in scores]),
        max((one.off for one in scores if one.off is not None), default=None),
        sum(one.unknowns for one in scores),
        sum(one.cpu_s for one in scores),
    )
    rows.append([f"**{total.document}**", "", *_cells(total, seconds=seconds)])
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def totals(scores: Sequence[Score]) -> Totals:
    """Return the sums of all documents."""
    return {
        "figures right": summed([one.figures for one in scores]),
        "planted found": summed([one.planted for one in scores]),
        "false alarms": sum(one.false_alarms for one in scores),
        "SKUs valid": summed([one.skus for one in scores]),
    }


def plain(scores: Sequence[Score]) -> list[dict[str, Any]]:
    """Return the scores as JSON-able data."""
    return [asdict(one) for one in scores]


def _figures(channel: str, truth: ChannelTruth, figures: dict[str, float]) -> tuple[list[str], int]:
    wrong: list[str] = []
    wanted = {
        name: value for name, field in TRUTHS.items() if (value := getattr(truth, field)) is not None
    } | truth.goods
    for name, value in wanted.items():
        read = figures.get(name)
        if read is None or not same(name, value, read):
            wrong.append(f"{channel}: {name} is {value:,.2f}, read {'nothing' if read is None else f'{read:,.2f}'}")
    return wrong, len(wanted)


def _kind(wanted: str, telling: dict[str, Any]) -> list[str]:
    """Return what is wrong where a document of no sales is not recognised as that, or has figures of sales."""
    if telling["kind"] != wanted:
        return [f"kind is {wanted}, read {telling['kind'] or 'none'}"]
    figures = [name for own in telling["channels"].values() for name in own["figures"] if name not in _OF_RETURNS]
    return [f"no sales, and yet {', '.join(figures[:3])}"] if figures else []


def _currency(channel: str, wanted: str | None, read: str) -> list[str]:
    return [] if wanted in (None, read) else [f"{channel}: currency is {wanted}, read {read or 'none'}"]


def _cells(one: Score, *, seconds: bool) -> list[str]:
    off = "-" if one.off is None else f"{one.off:.2%}"
    cells = [of(one.figures), of(one.planted), str(one.false_alarms), of(one.skus), off, str(one.unknowns)]
    return [*cells, f"{one.cpu_s:.2f}"] if seconds else cells


def summed(pairs: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the sum of pairs (right, of)."""
    return sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
