"""Look up the source of each number in an agent's text: its item's own evidence, then the channel. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from schemas.facts import DocumentFacts, Product
from schemas.plan import ChannelAnalysis, Evidence, Opportunity
from streams.analysis.rules.view import SHOWN, View

from .claims import Claim, Kind
from .known_numbers import KnownNumber, of_detail, of_figure, of_month, of_product, of_products, of_stated, of_text

#: How far a value of evidence may lie from the document's.
TOLERANCE: Final = 0.02
_MONTHS: Final = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho",
    "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
)  # fmt: skip


@dataclass(slots=True)
class LookedUp:
    """The numbers of a text that have a source, the document's numbers behind them, and those without a source."""

    right: int = 0
    behind: list[KnownNumber] = field(default_factory=list)
    strange: list[Claim] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scope:
    """The numbers that a text may state, by how closely they belong to it.

    `own`: the values of its evidence. `far`: what stands behind them, and the channel's: a coarse number gives these
    only beside a word of their figure. `faint`: of products that the evidence names and the text does not, which no
    coarse number gives.
    """

    own: Sequence[KnownNumber]
    far: Sequence[KnownNumber]
    faint: Sequence[KnownNumber] = ()
    a_month: float = 1.0  # of an amount of the document

    def find(self, claim: Claim) -> list[KnownNumber]:
        """Return the document's numbers that a claim may mean; empty if it has no source."""
        a_month = (1.0, self.a_month) if claim.a_month and claim.kind == "money" else (1.0,)

        def meant(numbers: Sequence[KnownNumber], factors: tuple[float, ...]) -> list[KnownNumber]:
            return [one for one in numbers if any(one.is_meant(claim, factor) for factor in factors)]

        found = meant(self.own, a_month)
        if found or not claim.is_coarse:
            return found or meant(self.far, a_month) or meant(self.faint, a_month)
        return [one for one in meant(self.far, (1.0,)) if one.is_spoken_of(claim.sentence)]


class Sources:
    """The numbers of a document's channel and of the rules' findings, for looking texts up."""

    def __init__(self, channel: str, facts: DocumentFacts, rules: ChannelAnalysis) -> None:
        own = facts.for_channel(channel)
        self._figures = {} if own is None else {figure.metric: figure for figure in own.figures}
        self._products: dict[str, Product] = {} if own is None else {p.sku: p for p in own.products}
        self._a_month = 1.0 if own is None else View(own).share_of_document(1.0)
        texts = [facts.text, facts.title, *facts.warnings, *([] if own is None else own.warnings)]
        self._channel = [
            *(of_figure(figure) for figure in self._figures.values()),
            *(of_stated(stated) for stated in facts.stated_of(channel)),
            *(number for day in ([] if own is None else own.period) for number in _of_day(day)),
            *(number for text in texts for number in of_text(text)),
        ]
        self._limits = [number for text in rules.limits for number in of_text(text, as_written=True)]
        self._months = {} if own is None else {name: list(of_month(m)) for m in own.months for name in _names(m.month)}
        self._ruled = [(one, _said_by(rules, one)) for one in rules.opportunities]
        named = {name.casefold(): sku for sku, p in self._products.items() for name in (sku, p.title) if len(name) > 1}
        for figure in self._figures.values():
            named |= {sku.casefold(): sku for sku in figure.skus if len(sku) > 1}
        self._named = named
        words = "|".join(re.escape(name) for name in sorted({*named, *self._months}, key=len, reverse=True))
        self._everything = self._of_everything()
        self._names = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None

    def of_item(self, evidence: Sequence[Evidence], worth: float | None) -> Scope:
        """Return the scope of the texts of an opportunity and of its tasks."""
        skus = [sku for one in evidence for sku in one.skus]
        own = [] if worth is None else [KnownNumber(worth, "money")]
        behind = self._ruled_of({one.metric for one in evidence}, {*skus})
        for one in evidence:
            numbers = [number for sku in one.skus[:SHOWN] for number in self._of_product(sku)]
            numbers = [number for number in numbers if number.metric == one.metric]
            figure = self._figures.get(one.metric)
            if figure is not None:
                own.append(of_figure(figure))
                numbers += of_detail(figure, one.skus[:SHOWN])
            own += [number for number in numbers if math.isclose(number.value, abs(one.value), rel_tol=TOLERANCE)]
            behind += numbers
        faint = [number for sku in skus[:SHOWN] for number in self._of_product(sku)]
        return Scope(own, [*behind, *self._channel], faint, self._a_month)

    def of_channel(self, more: Iterable[KnownNumber] = ()) -> Scope:
        """Return the scope of a text about the whole channel. `more`: numbers that earlier texts stated rightly."""
        return Scope([], [*more, *self._channel], a_month=self._a_month)

    def of_limits(self) -> Scope:
        """Return the scope of a text about what the document does not show."""
        return Scope([], [*self._limits, *self._channel], a_month=self._a_month)

    def look_up(self, claims: Iterable[Claim], text: str, scope: Scope) -> LookedUp:
        """Look up the source of each number of a text.

        A remainder has a source if its share stands beside it: "12% voltam, 88% ficam".
        """
        scope = self._with_names(text, scope)
        found, rest = LookedUp(), []
        for claim in claims:
            numbers = scope.find(claim)
            found.behind += numbers
            if numbers:
                found.right += 1
            else:
                rest.append(claim)
        shares = [one for one in found.behind if one.kind == "share" and one.value < 1]
        found.strange = [
            claim for claim in rest if not any(KnownNumber(1 - one.value, "share").is_meant(claim) for one in shares)
        ]
        found.right += len(rest) - len(found.strange)
        return found

    def is_made_up(self, claim: Claim) -> bool:
        """Return whether an amount or a share is nowhere in the document, rather than merely misplaced."""
        return claim.kind in ("money", "share") and not self._everything.find(claim)

    def _of_everything(self) -> Scope:
        """Return every number of the document, to tell a misplaced number from an invented one."""
        skus = {*self._products, *(sku for figure in self._figures.values() for sku in figure.skus)}
        numbers = [number for figure in self._figures.values() for number in of_detail(figure, skus)]
        numbers += [number for sku in self._products for number in self._of_product(sku)]
        numbers += [number for of in self._months.values() for number in of]
        numbers += [number for _, said in self._ruled for number in said]
        return Scope([*self._channel, *self._limits, *numbers], [], a_month=self._a_month)

    def _with_names(self, text: str, scope: Scope) -> Scope:
        """Return the scope with the products and months that a text names."""
        if self._names is None:
            return scope
        far = list(scope.far)
        for name in dict.fromkeys(found[0].casefold() for found in self._names.finditer(text)):
            far += self._months.get(name, ())
            if name in self._named:
                far += self._of_product(self._named[name])
        return replace(scope, far=far)

    def _of_product(self, sku: str) -> list[KnownNumber]:
        product = self._products.get(sku)
        numbers = [] if product is None else list(of_product(product))
        return numbers + [number for figure in self._figures.values() for number in of_products(figure, [sku])]

    def _ruled_of(self, metrics: set[str], skus: set[str]) -> list[KnownNumber]:
        """Return the numbers in the rules' findings about the same figures and products."""
        numbers: list[KnownNumber] = []
        for one, said in self._ruled:
            theirs = {sku for evidence in one.evidence for sku in evidence.skus}
            if metrics & {evidence.metric for evidence in one.evidence} and not (
                skus and theirs and skus.isdisjoint(theirs)
            ):
                numbers += said
        return numbers


def _said_by(rules: ChannelAnalysis, one: Opportunity) -> list[KnownNumber]:
    tasks = [task for phase in rules.phases for task in phase.tasks if task.opportunity_id == one.id]
    texts = [one.title, one.what, *(e.text for e in one.evidence), *(f"{t.title}. {t.what}" for t in tasks)]
    worth = [] if one.worth_brl is None else [KnownNumber(one.worth_brl, "money")]
    return [*worth, *(number for text in texts for number in of_text(text, as_written=True))]


def _of_day(iso: str) -> list[KnownNumber]:
    """Return the numbers of a day as texts write them: `31 de março`, `em 2026`."""
    year, _, rest = iso.partition("-")
    parts: list[tuple[Kind, str]] = [("bare", year), ("date", rest.rpartition("-")[2])]
    return [KnownNumber(float(part), kind) for kind, part in parts if part.isdigit()]


def _names(month: str) -> list[str]:
    """Return how a month may be named: `2026-03` is `03/2026` and `março`."""
    year, _, number = month.partition("-")
    return [month, f"{number}/{year}", _MONTHS[int(number) - 1]] if number.isdigit() else [month]
