"""Analyses one channel: asks every rule, and makes opportunities and phases of their findings."""

from __future__ import annotations

from typing import Final

from schemas.channels import channel_name
from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis
from streams.analysis.rules import across, ads, costs, demand, margins, products, stock, tariffs, upkeep
from streams.analysis.rules.blind import blind_spots, document_notes
from streams.analysis.rules.causes import return_causes
from streams.analysis.rules.everywhere import stopped_everywhere
from streams.analysis.rules.falling import falling_sales
from streams.analysis.rules.finding import Finding, Rule, rank
from streams.analysis.rules.formats import day, listing, money, number, percent, plural
from streams.analysis.rules.orders import losing_orders
from streams.analysis.rules.phases import phases_of, review_phase
from streams.analysis.rules.reputation import reputation, reputation_notes
from streams.analysis.rules.stated import with_stated
from streams.analysis.rules.unsure import unsure
from streams.analysis.rules.view import View

#: The version of the rule set: it changes when a rule, a threshold or a text does.
MODEL: Final = "rules-8"

#: Figures of what came back or was cancelled, by cause: a document may tell these alone. How they are counted.
CAUSES: Final = {
    "returns_by_cause": ("devolução", "devoluções"),
    "cancellations_by_cause": ("cancelamento", "cancelamentos"),
}
RULES: Final[tuple[Rule, ...]] = (
    stopped_everywhere,
    products.stock_out,
    stock.low_stock,
    products.losses,
    margins.below_break_even,
    losing_orders,
    products.returns,
    margins.return_room,
    return_causes,
    reputation,
    tariffs.fee_audit,
    tariffs.price_cliffs,
    costs.fees,
    costs.shipping,
    costs.cancellations,
    costs.discounts,
    costs.unpaid,
    falling_sales,
    demand.price_gap,
    across.price_gap_elsewhere,
    ads.unprofitable_ads,
    ads.ads_without_sales,
    demand.advertising,
    demand.little_clicked,
    upkeep.slow_dispatch,
    demand.concentration,
    upkeep.missing_skus,
    stock.slow_stock,
    stock.idle_stock,
)


def analyse(channel: str, facts: DocumentFacts) -> ChannelAnalysis:
    """Return the analysis of one channel. The same facts give the same analysis; no figure is invented.

    A document that has nothing of the channel gives no opportunity, one review task, and `limits` that say why.
    """
    own = facts.for_channel(channel)
    notes = document_notes(channel, facts)
    if own is None or not own.figures:
        return ChannelAnalysis(
            channel=channel,
            source="rules",
            model=MODEL,
            summary=with_stated(
                f"{_why_nothing(channel, facts)} Nenhum número foi inventado; a Fase 1 diz o que "
                f"{'fazer' if _is_unclear(facts) else 'enviar'}.",
                channel,
                facts,
            ),
            phases=[
                review_phase(
                    channel,
                    has_figures=False,
                    is_unnamed=_names_no_channel(facts),
                    is_unclear=_is_unclear(facts),
                    is_left_out=_is_left_out(facts),
                )
            ],
            limits=notes or ["O documento não traz números deste canal."],
        )
    view = View(own)
    only_returns = all(figure.metric in CAUSES for figure in own.figures)
    findings = sorted((f for rule in RULES if (f := rule(view)) is not None), key=rank)
    return ChannelAnalysis(
        channel=channel,
        source="rules",
        model=MODEL,
        summary=with_stated(
            _of_returns(view, findings, facts) if only_returns else _summary(view, findings), channel, facts
        ),
        opportunities=[finding.opportunity for finding in findings],
        phases=phases_of(findings) if findings else [review_phase(channel, has_figures=True)],
        limits=notes
        if only_returns
        else [
            *unsure(view),
            *tariffs.audit_notes(view),
            *reputation_notes(view),
            *blind_spots(view),
            *margins.margin_notes(view),
            *ads.ad_notes(view),
            *notes,
        ],
    )


def _why_nothing(channel: str, facts: DocumentFacts) -> str:
    name = channel_name(channel)
    if any(table.kind == "returns" for table in facts.tables):
        return f"O documento traz só devoluções e cancelamentos, e não todas as vendas de {name}."
    if _names_no_channel(facts):
        return f"O documento traz vendas, mas não diz se são de {name}: foi enviado para mais de um canal."
    if _is_left_out(facts):
        return (
            f"O documento traz vendas que não foram somadas como as de {name}; “O que a análise não pôde ver” diz por "
            "quê."
        )
    if _is_unclear(facts):
        return (
            f"O documento traz uma tabela que pode ser de vendas de {name}, e ninguém disse o que são as colunas dela."
        )
    return f"O documento não traz vendas de {name} em um formato que as regras leiam."


def _names_no_channel(facts: DocumentFacts) -> bool:
    """Say whether there are sales, and nothing tells of which channel: no channel has a figure then."""
    return not facts.channels and any(table.unnamed for table in facts.tables)


def _is_left_out(facts: DocumentFacts) -> bool:
    """Say whether a table of sales was not summed, such as an extract in a text; its remarks say why."""
    return not facts.channels and any(table.kind == "sales" and table.rows for table in facts.tables)


def _is_unclear(facts: DocumentFacts) -> bool:
    """Say whether a table may be of sales, and nobody said what its columns are."""
    return not facts.channels and any(table.asks for table in facts.tables)


def _of_returns(view: View, findings: list[Finding], facts: DocumentFacts) -> str:
    """Return the summary of a document of returns alone: why they came back, and no rate."""
    counts = [plural(value, *names) for metric, names in CAUSES.items() if (value := view.value(metric)) is not None]
    told = f"{_why_nothing(view.channel, facts)} Com motivo: {listing(counts)}; nenhuma taxa foi calculada."
    return f"{told} {_first(findings)}" if findings else told


def _summary(view: View, findings: list[Finding]) -> str:
    parts = [f"{view.name}{_period(view)}: {_sales(view)}."]
    shares = [
        f"{name} {percent(value)}"
        for name, metric in (
            ("tarifas", "fee_share"),
            ("envio", "shipping_share"),
            ("devoluções", "return_rate"),
            ("cancelamentos", "cancellation_rate"),
        )
        if (value := view.value(metric)) is not None
    ]
    if shares:
        sentence = ", ".join(shares)
        parts.append(f"{sentence[0].upper()}{sentence[1:]}.")
    income = view.value("shipping_income")
    if income is not None:
        parts.append(f"O envio rendeu {view.money(income)}: os compradores pagaram mais do que ele custou.")
    parts += _left(view)
    if not findings:
        parts.append("Nenhuma regra encontrou algo fora do normal.")
        return " ".join(parts)
    parts.append(_first(findings))
    return " ".join(parts)


def _first(findings: list[Finding]) -> str:
    first = findings[0].opportunity
    worth = f" (até {money(first.worth_brl)} por mês)" if first.worth_brl else ""
    found = plural(len(findings), "oportunidade", "oportunidades")
    return f"{found}; a primeira: {first.title[0].lower()}{first.title[1:]}{worth}."


def _left(view: View) -> list[str]:
    """Return the sentence on margin after the goods' cost: of all products, or of those whose costs are known."""
    contribution, margin = view.value("contribution"), view.value("margin")
    if contribution is not None and margin is not None:
        return [f"Depois do custo dos produtos sobram {view.money(contribution)} ({percent(margin)} da receita)."]
    covered, share = view.value("covered_contribution"), view.value("cost_coverage")
    if covered is None or share is None:
        return []
    return [f"Nos {percent(share)} da receita com custo conhecido sobram {view.money(covered)} depois do custo."]


def _period(view: View) -> str:
    if len(view.own.period) != 2:
        return ""
    first, last = view.own.period
    return f", em {day(first)}" if first == last else f", de {day(first)} a {day(last)}"


def _sales(view: View) -> str:
    revenue, orders, units = (view.value(metric) for metric in ("revenue", "orders", "units"))
    parts = ["receita desconhecida" if revenue is None else f"{view.money(revenue)} de receita"]
    if orders is not None:
        parts.append(f"em {plural(orders, 'pedido', 'pedidos')}")
    elif units is not None:
        parts.append(f"em {number(units)} unidades")
    ticket = view.value("average_ticket")
    if ticket is not None:
        parts.append(f"(ticket médio {view.money(ticket)})")
    return " ".join(parts)
