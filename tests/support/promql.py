"""As much of Prometheus' query language as our rules use, evaluated as Prometheus 2 does; no more than that."""

from __future__ import annotations

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]

_TOKEN: Final = re.compile(
    r"\s*(?:(\d+(?:\.\d+)?)([smhd](?![a-z]))?|([a-zA-Z_:]\w*)|(\"[^\"]*\")|([<>=!]=|[-+*/(){}\[\],<>=]))"
)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_COMPARE: Final = {
    ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_CALCULATE: Final = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
_AGGREGATE: Final[dict[str, Callable[[list[float]], float]]] = {"sum": sum, "max": max, "min": min, "count": len}
#: A series that was not scraped for so long is gone.
LOOKBACK_S: Final = 300.0


class Unknown(Exception):  # noqa: N818 - says what is so
    """The expression has what is not known here: teach it, or write the rule otherwise."""


@lru_cache(maxsize=256)
def _samples(page: str) -> list[tuple[str, dict[str, str], float]]:
    families = text_string_to_metric_families(page)
    return [(sample.name, sample.labels, sample.value) for family in families for sample in family.samples]


@dataclass(frozen=True)
class Scrapes:
    """What was scraped: (seconds, text of a /metrics page), in order; of several instances that all say the same."""

    pages: Sequence[tuple[float, str]]
    instances: tuple[str, ...] = ()

    def series(
        self, name: str, wanted: Mapping[str, str], since: float, until: float
    ) -> dict[Labels, list[tuple[float, float]]]:
        found: dict[Labels, list[tuple[float, float]]] = defaultdict(list)
        for at, page in self.pages:
            if since <= at <= until:
                for called, labels, value in _samples(page):
                    if called == name and wanted.items() <= labels.items():
                        for instance in self.instances or ("",):
                            more = {"instance": instance} if instance else {}
                            found[frozenset((labels | more).items())].append((at, value))
        return found


def seconds(text: str) -> float:
    """Return a duration such as 5m in seconds."""
    return float(text[:-1]) * _SECONDS[text[-1]]


def fires(expression: str, scrapes: Scrapes, *, for_s: float, every_s: float = 15.0) -> bool:
    """Return whether an alert fires at the last scrape: its expression has held at each look for so long."""
    last = scrapes.pages[-1][0]
    looks = [last - n * every_s for n in range(int(for_s // every_s) + 1)]
    return all(evaluate(expression, scrapes, at) for at in looks)


def evaluate(expression: str, scrapes: Scrapes, at: float) -> Vector:
    """Return the series that an expression gives at a time. Raises Unknown for what it does not know."""
    parser = _Parser(expression, scrapes, at)
    value = parser.comparison()
    if parser.left or isinstance(value, float):
        raise Unknown(f"cannot evaluate {expression!r}: {parser.left}")
    return value


class _Parser:
    def __init__(self, expression: str, scrapes: Scrapes, at: float) -> None:
        self._scrapes, self._at = scrapes, at
        self.left: list[str] = []
        place = 0
        while place < len(expression.rstrip()):
            match = _TOKEN.match(expression, place)
            if match is None:
                raise Unknown(f"cannot read {expression[place:]!r}")
            self.left.append(match[0].strip())
            place = match.end()

    def _take(self, *wanted: str) -> str | None:
        return self.left.pop(0) if self.left and self.left[0] in wanted else None

    def _demand(self, wanted: str) -> None:
        if self._take(wanted) is None:
            raise Unknown(f"{wanted!r} is missing before {self.left}")

    def comparison(self) -> Vector | float:
        found = self._sum()
        if sign := self._take(*_COMPARE):
            limit = self._sum()
            if isinstance(found, float) or not isinstance(limit, float):
                raise Unknown("only series compared with a number are known")
            found = {labels: value for labels, value in found.items() if _COMPARE[sign](value, limit)}
        return found

    def _sum(self) -> Vector | float:
        return self._operations(("+", "-"), lambda: self._operations(("*", "/"), self._atom))

    def _operations(self, signs: tuple[str, ...], operand: Callable[[], Vector | float]) -> Vector | float:
        found = operand()
        while sign := self._take(*signs):
            other = operand()
            if not isinstance(other, float):
                raise Unknown("calculating with two series is not known")
            calculate = _CALCULATE[sign]
            found = (
                calculate(found, other)
                if isinstance(found, float)
                else {labels: calculate(value, other) for labels, value in found.items()}
            )
        return found

    def _atom(self) -> Vector | float:
        token = self.left.pop(0)
        if token == "(":
            found = self.comparison()
            self._demand(")")
            return found
        if token in _AGGREGATE:
            return self._aggregate(_AGGREGATE[token])
        if token == "delta":
            self._demand("(")
            name, wanted = self.left.pop(0), self._labels()
            self._demand("[")
            range_s = seconds(self.left.pop(0))
            self._demand("]")
            self._demand(")")
            series = self._scrapes.series(name, wanted, self._at - range_s, self._at)
            return {k: _delta(samples, self._at, range_s) for k, samples in series.items() if len(samples) > 1}
        if token[0].isdigit():
            return float(token)
        series = self._scrapes.series(token, self._labels(), self._at - LOOKBACK_S, self._at)
        return {labels: samples[-1][1] for labels, samples in series.items()}

    def _aggregate(self, of: Callable[[list[float]], float]) -> Vector:
        by = self._by()
        self._demand("(")
        found = self.comparison()
        self._demand(")")
        by = by or self._by()
        if isinstance(found, float):
            raise Unknown("a number cannot be aggregated")
        groups: dict[Labels, list[float]] = defaultdict(list)
        for labels, value in found.items():
            groups[frozenset((name, text) for name, text in labels if name in by)].append(value)
        return {labels: float(of(values)) for labels, values in groups.items()}

    def _by(self) -> set[str]:
        names: set[str] = set()
        if self._take("by"):
            self._demand("(")
            while self._take(")") is None:
                names.add(self.left.pop(0))
                self._take(",")
        return names

    def _labels(self) -> dict[str, str]:
        wanted: dict[str, str] = {}
        if self._take("{"):
            while self._take("}") is None:
                name = self.left.pop(0)
                self._demand("=")
                wanted[name] = self.left.pop(0).strip('"')
                self._take(",")
        return wanted


def _delta(samples: Sequence[tuple[float, float]], at: float, range_s: float) -> float:
    """Return the difference over a range, drawn out to its ends where the first and last sample are near them."""
    (first_at, first), (last_at, last) = samples[0], samples[-1]
    seen_s = last_at - first_at
    between_s = seen_s / (len(samples) - 1)
    whole_s = seen_s
    for missing_s in (first_at - (at - range_s), at - last_at):
        whole_s += missing_s if missing_s < between_s * 1.1 else between_s / 2
    return (last - first) * whole_s / seen_s
