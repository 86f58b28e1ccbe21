"""The rules of the analysis, each with what it needs and how often it was right so far."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.figures.catalogue import METRICS
from gateway.figures.metric import Needs
from gateway.figures.rules import RULES, Rule
from gateway.figures.worths import WORTHS
from projections.outcomes import reads as outcomes
from projections.outcomes.reads import HitRate
from projections.reads.rows import Reader


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure that a rule judges, and the fields that a document has to tell for it: the ways to get it."""

    metric: str
    needs: Needs


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a rule. `formula`: of the worth of what it finds, "" if it has none; `rate` None: not yet."""

    name: str
    rule: Rule
    formula: str
    judges: tuple[Judged, ...]
    rate: HitRate | None


async def read(db: Reader) -> list[Known]:
    """Return every rule, in the order in which they are asked."""
    rates = {rate.analyst: rate for rate in await outcomes.hit_rates(db) if rate.source == "rules"}
    return [
        Known(
            name,
            rule,
            WORTHS[name].formula if name in WORTHS else "",
            tuple(Judged(metric, METRICS[metric].needs) for metric in rule.metrics),
            rates.get(name),
        )
        for name, rule in RULES.items()
    ]
