"""Rules about demand: concentration, advertising, price gaps, clicks."""

from __future__ import annotations

from typing import Any, Final

from streams.analysis.rules.across import CLOSABLE_GAP, CLOSING_IT, gap_evidence, wide_gaps
from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import agree, listing, number, percent
from streams.analysis.rules.rate import Rate, rate_of
from streams.analysis.rules.view import View

HIGH_CONCENTRATION: Final = 0.60
#: Above this share of revenue from advertising the channel depends on it; below the other it is hardly tried.
HIGH_ADVERTISING_SHARE: Final = 0.35
LOW_ADVERTISING_SHARE: Final = 0.05
#: A product is little clicked below this share of the channel's click rate.
LOW_CLICK_SHARE: Final = 0.5


def concentration(view: View) -> Finding | None:
    """Find that a tenth of the products brings most of the revenue: a risk, so it has no worth of its own."""
    figure, counted = view.figure("concentration_top10"), view.rate("concentration_top10")
    if figure is None or counted is None or not counted.surely(HIGH_CONCENTRATION) or view.has_few_orders:
        return None
    top, products = int(figure.detail["top"]), int(figure.detail["products"])
    return found(
        view,
        "concentration",
        title=f"Depender menos de {top} de {products} produtos",
        what=(
            f"{percent(figure.value)} da receita vem de {top} de {products} produtos ({listing(figure.skus)}). "
            "Garanta o estoque deles, com um segundo fornecedor, e leve o público deles a outros produtos: kits, "
            "variações, itens que se completam."
        ),
        evidence=[
            view.evidence("concentration_top10", f"10% dos produtos, sobre a receita: {counted.told('unidades')}")
        ],
        priority="normal",
        steps=[
            Step(
                2,
                "Proteger e ampliar os campeões",
                f"Segundo fornecedor e estoque de segurança para {listing(figure.skus)}; criar dois kits ou variações "
                "a partir deles.",
            ),
            Step(3, "Desenvolver a segunda linha", "Escolher cinco produtos da faixa seguinte e trabalhá-los."),
        ],
    )


def advertising(view: View) -> Finding | None:
    """Find that sales depend on advertising, or it is hardly used. No worth: the document has no advertising costs."""
    counted = view.rate("advertising_share")
    if counted is None or view.has_few_orders:
        return None
    is_low = counted.high < LOW_ADVERTISING_SHARE
    if not is_low and not counted.surely(HIGH_ADVERTISING_SHARE):
        return None
    share = counted.value
    evidence = [
        view.evidence("advertising_share", f"Vendas por publicidade, sobre a receita: {counted.told('vendas')}")
    ]
    if is_low:
        best = [product.sku for product in view.own.products[:3]]
        return found(
            view,
            "try-advertising",
            title="Testar publicidade nos mais vendidos",
            what=(
                f"Só {percent(share)} da receita vem de publicidade. Teste uma campanha pequena, com limite por dia, "
                f"em {listing(best) or 'seus mais vendidos'}, e meça o custo por venda."
            ),
            evidence=evidence,
            priority="low",
            steps=[
                Step(2, "Campanha de teste", "Duas semanas, orçamento fixo por dia, três produtos, custo por venda.")
            ],
        )
    return found(
        view,
        "advertising",
        title=f"Depender menos de publicidade ({percent(share)} da receita)",
        what=(
            "Compare o custo de cada campanha com a sobra do produto (o documento não traz esse custo), pause as que "
            "não se pagam e melhore título, fotos e avaliações dos anunciados para venderem também sem anúncio pago."
        ),
        evidence=evidence,
        priority="normal",
        steps=[
            Step(
                1,
                "Pausar campanhas que não se pagam",
                "Baixar o relatório de publicidade, comparar custo e sobra por produto e pausar as que dão prejuízo.",
            ),
        ],
    )


def price_gap(view: View) -> Finding | None:
    """Find that the same SKU sells for less here. Worth: half of the gap on the units sold, after fees and shipping."""
    gaps = {sku: p for sku, p in wide_gaps(view, "price_gap").items() if is_sure_gap(p)}
    if not gaps:
        return None
    skus = list(gaps)
    gained = sum((p["other"] - p["here"]) * p["units"] for p in gaps.values()) * CLOSABLE_GAP
    return found(
        view,
        "price-gap",
        title=f"Aproximar o preço de {listing(skus)} entre os canais",
        what=(
            f"{listing(skus)} {agree(skus, 'sai mais barato', 'saem mais baratos')}"
            f" em {view.name} que em outro canal seu. Se a tarifa daqui não é menor, "
            "suba o preço aos poucos; senão, baixe o outro."
        ),
        evidence=gap_evidence(view, "price_gap", gaps),
        gain=view.share_of_document(gained) * view.kept_share,
        steps=[Step(1, f"Ajustar o preço de {listing(skus)}", CLOSING_IT)],
    )


def is_sure_gap(product: dict[str, Any]) -> bool:
    """Say whether the median here lies below the other one, chance allowed for both; true of an earlier figure."""
    if "other_units" not in product:
        return True
    high, low = product.get("here_high"), product.get("other_low")
    return high is not None and low is not None and high < low


def little_clicked(view: View) -> Finding | None:
    """Find products that are shown often and clicked seldom. No worth: clicks are not sales."""
    usual = view.value("click_rate")
    if usual is None:
        return None
    low = {s: p for s, p in view.products("low_click_rate").items() if _clicks(p).high < usual * LOW_CLICK_SHARE}
    if not low:
        return None
    skus = list(low)
    evidence = [
        view.evidence(
            "low_click_rate",
            f"{view.title_of(sku)}: {number(p['impressions'])} impressões, {percent(p['click_rate'], 2)} de cliques "
            f"(de {percent(_clicks(p).low, 2)} a {percent(_clicks(p).high, 2)}; canal: {percent(usual, 2)})",
            value=p["click_rate"],
            skus=[sku],
        )
        for sku, p in list(low.items())[:5]
    ]
    return found(
        view,
        "little-clicked",
        title=f"Fazer {listing(skus)} receber mais cliques",
        what=(
            f"{agree(skus, 'Aparece muito e é pouco clicado', 'Aparecem muito e são pouco clicados')}"
            f": a foto principal, o começo do título e o preço não convencem na "
            "lista. Troque a foto principal e o título e compare os cliques depois de uma semana."
        ),
        evidence=evidence,
        priority="normal",
        steps=[
            Step(1, f"Nova foto e novo título para {listing(skus)}", "Trocar, esperar sete dias, comparar os cliques.")
        ],
    )


def _clicks(product: dict[str, Any]) -> Rate:
    counted = {"successes": product.get("clicks", 0.0), "trials": product["impressions"]}
    return rate_of(float(product["click_rate"]), counted)
