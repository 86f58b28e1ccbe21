"""An agent on the golden documents, through the production client: scored as the rules are."""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from bench.evaluate.golden import Golden
from bench.evaluate.reading import Read
from bench.evaluate.score import judge as whole_judgement
from bench.evaluate.score import summed
from bench.evaluate.stability import Totals, of
from bench.evaluate.telling import findings
from schemas.facts import ChannelFacts, DocumentFacts
from schemas.plan import ChannelAnalysis
from streams.analysis.agents.client import AgentClient
from streams.analysis.agents.errors import AgentError
from streams.analysis.agents.known import plain_numbers
from streams.analysis.agents.repairs import Action, Problem
from streams.analysis.agents.settings import NO_KEY, AgentSettings
from streams.analysis.channel import rules_instead
from streams.analysis.failing import failures_of

#: rule -> the figures that speak of its problem: an agent has no names for problems, but it names figures.
SPEAKS_OF: Final[dict[str, frozenset[str]]] = {
    "stock-out": frozenset({"days_without_sales"}),
    "losses": frozenset({"product_losses"}),
    "losing-orders": frozenset({"losing_unrefunded", "losing_orders"}),
    "returns": frozenset({"product_return_rate", "return_rate", "returned_units", "refunds"}),
    "fees": frozenset({"fee_share", "fees"}),
    "shipping": frozenset({"shipping_share", "shipping_cost", "shipping"}),
    "cancellations": frozenset({"cancellation_rate", "cancelled_revenue", "cancelled_orders"}),
    "discounts": frozenset({"discount_depth", "product_discount_depth"}),
    "unpaid": frozenset({"unpaid_share"}),
    "falling-sales": frozenset({"revenue_growth"}),
    "price-gap": frozenset({"price_gap"}),
    "price-gap-elsewhere": frozenset({"price_gap_elsewhere"}),
    "advertising": frozenset({"advertising_share"}),
    "unprofitable-ads": frozenset({"acos", "tacos", "advertising_cost"}),
    "ads-without-sales": frozenset({"ads_without_sales"}),
    "slow-dispatch": frozenset({"slow_shipping_share", "dispatch_days"}),
    "stopped-everywhere": frozenset({"stopped_everywhere", "days_without_sales"}),
    "return-causes": frozenset({"returns_by_cause"}),
    "return-room": frozenset({"return_room", "product_return_rate"}),
    "reputation": frozenset({"recent_claims", "recent_cancellations", "recent_late_dispatch"}),
    "fee-audit": frozenset({"fee_over_tariff"}),
    "price-cliffs": frozenset({"price_cliffs"}),
    "try-advertising": frozenset({"advertising_share"}),
    "little-clicked": frozenset({"low_click_rate", "click_rate"}),
    "concentration": frozenset({"concentration_top10"}),
    "missing-skus": frozenset({"missing_sku_share"}),
    "idle-stock": frozenset({"idle_stock"}),
}
#: A number in a text is supported by a figure that is so near: texts round.
NEAR: Final = 0.02
_NUMBER: Final = re.compile(r"(?<![\w.,-])\d[\d.,]*\d|(?<![\w.,-])\d")
#: Counts of steps, weeks, days and photos are no figures of the document.
_SMALL: Final = 31
#: What was done to a part of an answer that does not stand on the plan as the agent wrote it.
_REFUSED: Final = (Action.DROPPED, Action.CUT, Action.CORRECTED, Action.SET_UNKNOWN, Action.UNLINKED)
_HEAD: Final = (
    "document", "channel", "planted found", "false alarms", "numbers unsupported", "SKUs valid", "without repair", "s",
    "plan by", "planted on the plan",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AgentScore:
    """How well an agent analysed one channel; each pair is (right, of). `error`: there was no analysis."""

    document: str
    channel: str
    planted: tuple[int, int]
    false_alarms: int = 0
    unsupported: tuple[int, int] = (0, 0)
    skus: tuple[int, int] = (0, 0)
    whole: bool = False
    wall_s: float = 0.0
    error: str = ""
    by: str = "agent"  # who wrote what stands on the plan
    on_plan: tuple[int, int] = (0, 0)  # planted problems that are found there
    opportunities: int = 0  # those of the agent that stand on the plan
    refused: tuple[str, ...] = ()  # what of its answer does not, and why


def settings(address: str) -> AgentSettings:
    """Return the settings of `http://host/v1/model`: the last part of the path is the model's name."""
    url, _, model = address.rpartition("/")
    if not url.startswith("http") or not model:
        raise ValueError("an agent is given as its URL and its model: http://127.0.0.1:8080/v1/some-model")
    return AgentSettings(os.environ.get("OPENAI_API_KEY") or NO_KEY, base_url=url, model=model)


async def score_agent(to: AgentSettings, read: Sequence[tuple[Golden, Read]]) -> list[AgentScore]:
    """Ask for every channel of every document that gave figures, one after the other."""
    scores: list[AgentScore] = []
    clock = asyncio.get_running_loop().time
    async with AgentClient(to) as client:
        for document, reading in read:
            for own in reading.facts.channels if reading.facts is not None else []:
                truth = document.truth.get(own.channel)
                if truth is None or reading.facts is None:
                    continue
                began = clock()
                try:
                    analysis = await client.analyse(own.channel, reading.facts)
                except AgentError as error:
                    failed = AgentScore(reading.name, own.channel, (0, len(truth.planted)), wall_s=clock() - began)
                    scores.append(by_the_rules(failed, truth.planted, reading.facts, error))
                    continue
                scores.append(judge(reading.name, truth.planted, own, analysis, clock() - began))
    return scores


def by_the_rules(failed: AgentScore, planted: dict[str, str], facts: DocumentFacts, error: AgentError) -> AgentScore:
    """Return the score of a failed agent, with what the rules find in its place and why they were asked."""
    instead = rules_instead(failed.channel, facts, failures_of(error, 1))
    missed, _ = whole_judgement(planted, findings(instead))
    [failure] = instead.fallback
    return replace(
        failed,
        error=f"{failure.code}: {failure.reason}",
        refused=(f"the whole answer: {failure.reason}",),
        by=f"{instead.source} ({instead.model})",
        on_plan=(len(planted) - len(missed), len(planted)),
    )


def judge(
    name: str, planted: dict[str, str], own: ChannelFacts, analysis: ChannelAnalysis, wall_s: float
) -> AgentScore:
    """Hold an agent's analysis against what was planted, and its numbers and products against the facts."""
    shown = [
        (
            {evidence.metric for evidence in opportunity.evidence},
            {sku for evidence in opportunity.evidence for sku in evidence.skus},
            f"{opportunity.title} {opportunity.what}",
        )
        for opportunity in analysis.opportunities
    ]
    found = sum(
        any(
            metrics & SPEAKS_OF.get(rule, frozenset({rule})) and (not sku or sku in skus or sku in text)
            for metrics, skus, text in shown
        )
        for rule, sku in planted.items()
    )
    wanted = frozenset[str]().union(*(SPEAKS_OF.get(rule, frozenset({rule})) for rule in planted))
    texts = [analysis.summary, *(text for _, _, text in shown)]
    numbers = [value for text in texts for value in numbers_in(text)]
    known = _known(own)
    foreign = sum(str(Problem.FOREIGN_SKU) in repair.problem for repair in analysis.repairs)
    kept = sum(len(skus) for _, skus, _ in shown)
    return AgentScore(
        name,
        own.channel,
        (found, len(planted)),
        sum(not metrics & wanted for metrics, _, _ in shown),
        (sum(not _supported(value, known) for value in numbers), len(numbers)),
        (kept, kept + foreign),
        not analysis.repairs,
        wall_s,
        by=f"{analysis.source} ({analysis.model})",
        on_plan=(found, len(planted)),
        opportunities=len(analysis.opportunities),
        refused=tuple(repair.problem for repair in analysis.repairs if repair.action.startswith(_REFUSED))
        + tuple(f"a number without a source: {one.number}" for one in analysis.unmatched),
    )


def numbers_in(text: str) -> list[float]:
    """Return the numbers of a text that could be figures, read the Brazilian way where a comma stands last."""
    values: list[float] = []
    for written in _NUMBER.findall(text):
        last = max(written.rfind(","), written.rfind("."))
        decimals = len(written) - last - 1 if last >= 0 else 0
        if last >= 0 and decimals in (1, 2):
            plain = re.sub(r"[.,]", "", written[:last]) + "." + written[last + 1 :]
        else:
            plain = re.sub(r"[.,]", "", written)
        value = float(plain)
        if not (value.is_integer() and (value <= _SMALL or 2000 <= value <= 2100)):
            values.append(value)
    return values


def table(scores: Sequence[AgentScore]) -> str:
    """Return the scores as a table in Markdown, the sum last."""
    rows = [[one.document, one.channel, *_cells([one]), one.by, of(one.on_plan)] for one in scores]
    rows.append(["**all**", "", *_cells(scores), "", of(summed([one.on_plan for one in scores]))])
    lines = ["| " + " | ".join(row) + " |" for row in (list(_HEAD), ["---"] * len(_HEAD), *rows)]
    return "\n".join([*lines, *(f"- {one.document}, {one.channel}: {one.error}" for one in scores if one.error)])


def contributions(scores: Sequence[AgentScore]) -> str:
    """Return a Markdown table of what each answer gave to the plan, and what was refused."""
    head = ("document", "channel", "opportunities of the agent's", "refused of its answer")
    rows = [[one.document, one.channel, str(one.opportunities), _counted(one.refused)] for one in scores]
    rows.append(
        ["**all**", "", str(sum(one.opportunities for one in scores)), str(sum(len(o.refused) for o in scores))]
    )
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def _counted(reasons: Sequence[str]) -> str:
    counts = Counter(" ".join(reason.replace("|", "/").split()) for reason in reasons)
    return "; ".join(f"{count} x {reason}" if count > 1 else reason for reason, count in counts.most_common()) or "-"


def totals(scores: Sequence[AgentScore]) -> Totals:
    """Return the sums of all channels. An answer is usable if some of it is on the plan."""
    every = len(scores)
    return {
        "planted found": summed([one.planted for one in scores]),
        "false alarms": sum(one.false_alarms for one in scores),
        "numbers unsupported": summed([one.unsupported for one in scores]),
        "SKUs valid": summed([one.skus for one in scores]),
        "without repair": (sum(one.whole for one in scores), every),
        "usable": (sum(not one.error and one.opportunities > 0 for one in scores), every),
        "planted on the plan": summed([one.on_plan for one in scores]),
    }


def plain(scores: Sequence[AgentScore]) -> list[dict[str, Any]]:
    """Return the scores as JSON-able data."""
    return [asdict(one) for one in scores]


def _cells(scores: Sequence[AgentScore]) -> list[str]:
    planted, unsupported, skus = (
        of(summed(column))
        for column in (
            [one.planted for one in scores], [one.unsupported for one in scores], [one.skus for one in scores],
        )
    )  # fmt: skip
    whole = of((sum(one.whole for one in scores), len(scores)))
    alarms = str(sum(one.false_alarms for one in scores))
    return [planted, alarms, unsupported, skus, whole, f"{sum(one.wall_s for one in scores):.1f}"]


def _known(own: ChannelFacts) -> list[float]:
    """Return every number that the facts hold, shares also as percentages."""
    values = [value for figure in own.figures for value in plain_numbers([figure.value, figure.detail])]
    values += [
        value
        for product in own.products
        for value in (product.units, product.revenue, product.returned_units, product.refunds, product.fees,
                      product.shipping, product.net, product.unit_price, product.orders)
        if value is not None
    ]  # fmt: skip
    return [*values, *(value * 100 for value in values if abs(value) <= 1)]


def _supported(value: float, known: list[float]) -> bool:
    return any(abs(value - abs(one)) <= NEAR * max(abs(one), value) for one in known)
