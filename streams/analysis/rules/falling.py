"""The rule about falling sales: a month against the one before, where chance alone does not explain it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from schemas.facts import Figure
from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import day, listing, number, percent
from streams.analysis.rules.rate import Rate, change_of
from streams.analysis.rules.season import beside_last_year, explanation
from streams.analysis.rules.silence import stopped
from streams.analysis.rules.view import View

#: The last 30 days against the 30 before: from this fall on it is a finding, and from the next an urgent one.
FALL: Final = -0.10
URGENT_FALL: Final = -0.25


@dataclass(frozen=True, slots=True)
class _Change:
    """How revenue changed: of all sales, and without the best sellers that stopped, which are another finding's."""

    figure: Figure
    all: Rate
    rest: Rate
    drop: float  # of the rest
    falls: dict[str, dict[str, Any]]  # the products that fell, without those that stopped
    usual: float | None = None  # how far the rest is from the mean of the spans before both; None without one

    @property
    def is_found(self) -> bool:
        """Say whether it surely fell, no season explains it, and the span before was no peak."""
        return self.is_sure and not self.season and not self.is_back_from_a_peak

    @property
    def is_sure(self) -> bool:
        """Say whether it surely fell by the limit, with the products that still sell."""
        return self.all.high <= FALL and self.rest.value <= FALL and self.rest.high < 0

    @property
    def is_back_from_a_peak(self) -> bool:
        """Say whether it surely fell, and as much is sold as before the span that it is compared with."""
        return self.is_sure and self.usual is not None and self.usual > FALL

    @property
    def season(self) -> str | None:
        """Return what explains the fall by the season, as a sentence."""
        return explanation(self.figure, FALL)

    @property
    def is_doubtful(self) -> bool:
        return not self.is_found and self.all.value <= FALL and self.rest.value <= FALL

    @property
    def by_month(self) -> bool:
        return self.figure.detail.get("by") == "month"

    @property
    def told(self) -> str:
        """Return `-31,0% (de -58,3% a 12,9%; 26 pedidos contra 38)`; the value alone of an earlier version's figure."""
        detail = self.figure.detail
        for name, one, many in (("orders", "pedido", "pedidos"), ("rows", "linha", "linhas")):
            if f"{name}_now" in detail:
                now, then = detail[f"{name}_now"], detail[f"{name}_then"]
                counted = f"{number(now)} {one if now == 1 else many} contra {number(then)}"
                ends = f"de {percent(self.all.low)} a {_end(self.all.high)}"
                return f"{percent(self.all.value)} ({ends}; {counted})"
        return percent(self.all.value)


def falling_sales(view: View) -> Finding | None:
    """Find that revenue fell month on month, beyond chance and what a stock-out explains.

    Worth: the named products' fall; all of it where no product is known.
    """
    change = _change(view)
    if change is None or not change.is_found:
        return None
    figure, falls = change.figure, change.falls
    skus = list(falls)[:5]
    of_skus = sum(falls[sku]["fall"] for sku in skus) if skus else change.drop
    gain = min(change.drop, of_skus) * view.kept_share
    named = f" Comece por {listing(skus)}, os que mais caíram." if skus else ""
    return found(
        view,
        "falling-sales",
        title=f"Recuperar a queda de {percent(-change.all.value)} nas vendas",
        what=(
            f"{_lately(change)} a receita foi {view.money(figure.detail['current'])}, contra "
            f"{view.money(figure.detail['previous'])} {_before(change)}.{named} Compare preço, posição na "
            f"busca, avaliações e concorrentes com os do mês anterior.{beside_last_year(figure)}"
            f"{_last_month(view, figure)}"
        ),
        evidence=[
            view.evidence("revenue_growth", f"{_lately(change)}, sobre a receita de antes: {change.told}", skus=skus)
        ],
        gain=gain,
        priority="high" if change.all.high <= URGENT_FALL else "normal",
        steps=[
            Step(
                1,
                f"Descobrir por que {listing(skus) or 'as vendas'} caíram"
                if len(skus) != 1
                else f"Descobrir por que {skus[0]} caiu",
                "Comparar com o mês anterior: preço, concorrentes, posição na busca, avaliações, perguntas sem "
                "resposta; corrigir a primeira causa encontrada.",
            ),
        ],
    )


def falling_notes(view: View) -> list[str]:
    """Return a fall that chance may explain, and the last month where dates tell months alone."""
    figure, change = view.figure("revenue_growth"), _change(view)
    if figure is None:
        return []
    if figure.detail.get("by") == "month" and "last_month" not in figure.detail:  # an earlier version's figure
        change_told = percent(figure.value)
        return [f"O documento só diz o mês, e o último pode não ter terminado: {change_told} não foi julgado."]
    notes = []
    if change is not None and change.is_doubtful:
        few = f"São poucos dados para afirmar que caiu mais de {percent(-FALL, 0)}."
        notes.append(f"{_lately(change)} a receita mudou {change.told}. {change.season or _peak(view, change) or few}")
    if (change is None or not change.is_found) and (last := _last_month(view, figure)):
        notes.append(last.strip())
    return notes


def _change(view: View) -> _Change | None:
    figure = view.figure("revenue_growth")
    if figure is None or (figure.detail.get("by") == "month" and "last_month" not in figure.detail):
        return None
    detail = figure.detail
    silent = stopped(view, "days_without_sales").keys() | stopped(view, "stopped_everywhere").keys()
    products = view.products("revenue_growth")
    explained = [p for sku, p in products.items() if sku in silent]
    now = detail["current"] - sum(p["now"] for p in explained)
    then = detail["previous"] - sum(p["then"] for p in explained)
    if then <= 0 or detail["previous"] <= 0:
        return None
    cases, every = detail.get("alike"), detail["current"] + detail["previous"]
    of_rest = None if cases is None or every <= 0 else cases * max(0.0, now + then) / every
    usual = detail.get("usual", 0.0) - sum(p.get("usual", 0.0) for p in explained)
    return _Change(
        figure,
        change_of(detail["current"], detail["previous"], cases),
        change_of(max(0.0, now), then, of_rest),
        then - now,
        {sku: p for sku, p in products.items() if sku not in silent},
        max(0.0, now) / usual - 1 if usual > 0 else None,
    )


def _peak(view: View, change: _Change) -> str:
    """Return that the span before was a peak, as a sentence; empty where it was none."""
    if not change.is_back_from_a_peak:
        return ""
    detail = change.figure.detail
    spans = "do mês anterior" if change.by_month else "dos 30 dias anteriores"
    mean = f"a média antes {spans} era de {view.money(detail['usual'])}"
    return f"Não é uma queda abaixo do comum: {mean}."


def _last_month(view: View, figure: Figure) -> str:
    """Return what the last month has, where the document tells months alone: it may not have been over."""
    month = figure.detail.get("last_month")
    if month is None:
        return ""
    revenue = view.money(figure.detail["last_month_revenue"])
    return (
        f" O último mês do documento ({_month(month)}) soma {revenue} e não foi comparado: o documento só diz o mês, e "
        "ele pode não ter terminado."
    )


def _lately(change: _Change) -> str:
    until = change.figure.detail.get("until")
    if change.by_month:
        return f"Em {_month(str(until))}"
    return "Nos últimos 30 dias do documento" + (f" (até {day(until)})" if isinstance(until, str) else "")


def _before(change: _Change) -> str:
    return "no mês anterior" if change.by_month else "nos 30 dias anteriores"


def _month(iso: str) -> str:
    return f"{iso[5:7]}/{iso[:4]}"


def _end(high: float) -> str:
    return "mais do dobro" if high > 1 else percent(high)
