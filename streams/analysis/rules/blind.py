"""States what the document does not show and why, so that a missing figure is not taken for a good one."""

from __future__ import annotations

from typing import Final

from schemas.channels import channel_name
from schemas.facts import DocumentFacts
from streams.analysis.rules.formats import day, listing, number, percent, plural
from streams.analysis.rules.view import HOME_CURRENCY, View

#: metric -> what its absence hides
_HIDDEN: Final[tuple[tuple[str, str], ...]] = (
    ("revenue", "Sem valores de venda: nada pôde ser medido em dinheiro."),
    ("period_days", "Sem datas: não há valores por mês nem evolução; os valores são do documento inteiro."),
    ("fee_share", "Sem coluna de tarifas: não foi possível ver margem nem produtos com prejuízo."),
    ("shipping_share", "Sem o custo de envio pago pelo vendedor: a sobra por produto não o desconta."),
    ("return_rate", "Sem informação de devoluções: não foi possível medir a taxa por produto."),
    (
        "cancellation_rate",
        "Sem situação dos pedidos: não se sabe quantos foram cancelados; os que o documento tiver contam como vendas.",
    ),
    ("advertising_share", "Sem indicação de venda por publicidade."),
    ("discount_depth", "Sem preço cheio ou desconto: a profundidade dos descontos não foi medida."),
    ("slow_shipping_share", "Sem datas de postagem: o prazo de envio não foi medido."),
)
#: In place of what the absence of a return rate hides, where the returned units are told.
_TOO_EARLY: Final = (
    "É cedo para devoluções: as vendas são de menos de uma semana, e nada delas pode ter voltado ainda. A taxa é "
    "desconhecida."
)
#: Growth compares 30 days with the 30 before.
GROWTH_PERIOD_DAYS: Final = 60


def blind_spots(view: View) -> list[str]:
    """Return a sentence for each figure of the channel that is unknown."""
    hidden = {metric: text for metric, text in _HIDDEN if not _is_told(view, metric)}
    if "return_rate" in hidden and view.value("returned_units") == 0:
        hidden["return_rate"] = _TOO_EARLY
    spots = list(hidden.values())
    spots += _stragglers(view)
    period = view.figure("period_days")
    days = None if period is None else period.value
    if days is not None and not view.covers_a_month and view.value("main_days") is None:
        spots.append(
            f"O documento cobre só {plural(days, 'dia', 'dias')}: os valores são desse período, não por mês, e não "
            "mostram tendências."
        )
    elif days is not None and days < GROWTH_PERIOD_DAYS:
        spots.append("O documento cobre menos de 60 dias: o crescimento mês a mês não foi calculado.")
    elif period is not None and period.detail.get("by") == "month" and view.value("revenue_growth") is None:
        spots.append(
            "O documento só diz o mês: o último pode não ter terminado, e antes dele não há dois para comparar."
        )
    elif days is not None and view.value("revenue_growth") is None:
        spots.append("Há poucas vendas 30 a 60 dias antes do fim do documento: o crescimento não foi calculado.")
    if view.has_few_orders:
        spots.append(
            "Há poucos pedidos: cancelamentos, atrasos, tarifas, envio, descontos, publicidade e concentração não "
            "foram julgados."
        )
    if view.own.currency and view.own.currency != HOME_CURRENCY:
        spots.append(f"Valores em {view.own.currency}, sem conversão: o ganho em reais não foi calculado.")
    spots += view.own.warnings
    return spots


def _stragglers(view: View) -> list[str]:
    """Return which days the amounts are of, where a few sales of other months stretch the document's period."""
    main, period = view.figure("main_days"), view.value("period_days")
    if main is None or period is None:
        return []
    amounts = (
        "os valores por mês são desses" if view.covers_a_month else "não há valores por mês; os valores são desses"
    )
    text = (
        f"O documento vai por {number(period)} dias, mas {percent(main.detail['share'])} da receita está entre "
        f"{day(str(main.detail['since']))} e {day(str(main.detail['until']))}: {amounts} {number(main.value)} dias."
    )
    return [text]


def _is_told(view: View, metric: str) -> bool:
    """Say whether the document tells of it; shipping that brings money in has no share as a cost."""
    return view.value(metric) is not None or (metric == "shipping_share" and view.value("shipping_income") is not None)


def document_notes(channel: str, facts: DocumentFacts) -> list[str]:
    """Return the reading's own reports: tables not understood, warnings, other channels' figures."""
    notes = list(facts.warnings)
    for table in facts.tables:
        if table.layout == "unknown" and not table.warnings:
            notes.append(f"{table.where}: as colunas não foram reconhecidas e a tabela ficou de fora.")
        notes += [f"{table.where}: {warning}" for warning in table.warnings]
        if table.columns_missing:
            are = "não há a coluna" if len(table.columns_missing) == 1 else "não há as colunas"
            notes.append(f"{table.where}: {are} {listing(table.columns_missing, 6)}.")
    if facts.goods and facts.goods_version:
        notes.append(f"Custos e estoque guardados, na versão {facts.goods_version}, foram usados com os do documento.")
    others = [channel_name(c.channel) for c in facts.channels if c.channel != channel]
    if others and facts.for_channel(channel) is None:
        notes.append(f"O documento traz vendas de {listing(others)}, mas não de {channel_name(channel)}.")
    elif not facts.tables:
        notes.append("O documento não tem tabelas: nenhum número foi calculado a partir do texto.")
    return notes
