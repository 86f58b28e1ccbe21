"""Rules about what products earn after their own cost, where it is known."""

from __future__ import annotations

from typing import Any, Final

from streams.analysis.rules.finding import Finding, Step, by_gain, found
from streams.analysis.rules.formats import agree, listing, number, percent, plural
from streams.analysis.rules.products import at_best, product_rate
from streams.analysis.rules.view import Products, View

#: Products of which a finding shows evidence, at most.
_SHOWN: Final = 5


def below_break_even(view: View) -> Finding | None:
    """Find products whose net receipts do not pay their cost, also with as few refunds as chance allows.

    Worth: what they lose.
    """
    figure, losing = view.figure("below_break_even"), surely_below(view)
    if figure is None or not losing:
        return None
    skus = list(losing)
    doubtful = [p for sku, p in view.products("below_break_even").items() if sku not in losing]
    count = int(figure.detail.get("products", len(skus) + len(doubtful))) - len(doubtful)
    evidence = [
        view.evidence(
            "below_break_even",
            f"{view.title_of(sku)}: {number(p['units'])} unidades a {view.money(p['unit_price'])}, custo de "
            f"{view.money(p['unit_cost'])} cada; {_break_even(view, p)}{_bears(p)}; faltam "
            f"{view.money(-p['contribution'])}",
            value=round(-p["contribution"], 2),
            skus=[sku],
        )
        for sku, p in list(losing.items())[:_SHOWN]
    ]
    first = losing[skus[0]]
    gain = view.share_of_document(figure.value + sum(p["contribution"] for p in doubtful))
    return found(
        view,
        "below-break-even",
        title=f"Parar de vender abaixo do custo: {plural(count, 'produto', 'produtos')}",
        what=(
            f"{listing(skus)} {agree(skus, 'deixa', 'deixam')} menos do que {agree(skus, 'custa', 'custam')} depois de "
            f"tarifas, frete, reembolsos e impostos conhecidos. {skus[0]} sai em média por "
            f"{view.money(first['unit_price'])}; {_break_even(view, first)}{_bears(first)}. Suba o preço até lá, "
            "reduza o custo ou tire o produto do canal."
        ),
        evidence=evidence,
        gain=gain,
        priority="high" if by_gain(view, gain) == "high" else "normal",
        steps=[
            Step(
                1,
                f"Corrigir o preço de {listing(skus)}",
                f"Levar o preço ao de equilíbrio ou acima (em {skus[0]}: {_break_even(view, first)}); onde o mercado "
                "não aceita, vender em kit, trocar a modalidade de envio ou pausar.",
            ),
            Step(
                2,
                f"Renegociar o custo de {listing(skus)}",
                "Pedir cotação a outro fornecedor, rever embalagem e frete de compra, e enviar o custo novo: a próxima "
                "análise o usa.",
            ),
        ],
    )


def surely_below(view: View) -> Products:
    """Return the products that do not pay their cost, also with as few refunds as chance allows for their units."""
    return {sku: p for sku, p in view.products("below_break_even").items() if at_best("contribution", p) < 0}


def return_room(view: View) -> Finding | None:
    """Find products that pay, but whose return rate may by chance alone be more than they bear."""
    tight = {sku: p for sku, p in view.products("return_room").items() if product_rate(p).high >= float(p["bearable"])}
    if not tight:
        return None
    skus = list(tight)
    evidence = [
        view.evidence(
            "return_room",
            f"{view.title_of(sku)}: suporta até {percent(p['bearable'])} de devolução e tem "
            f"{product_rate(p).told('unidades')}",
            value=p["room"],
            skus=[sku],
        )
        for sku, p in list(tight.items())[:_SHOWN]
    ]
    first = tight[skus[0]]
    return found(
        view,
        "return-room",
        title=f"Dar folga às devoluções de {listing(skus)}",
        what=(
            f"{listing(skus)} {agree(skus, 'ainda se paga', 'ainda se pagam')}, mas por pouco: {skus[0]} suporta até "
            f"{percent(first['bearable'])} de devolução e tem {percent(first['return_rate'])}. Mais algumas devoluções "
            "e o produto dá prejuízo."
        ),
        evidence=evidence,
        steps=[
            Step(
                2,
                f"Reduzir as devoluções de {listing(skus)}",
                "Corrigir no anúncio o que os motivos de devolução apontam; se não der, subir o preço ou reduzir o "
                "custo.",
            )
        ],
        priority="normal",
    )


def margin_notes(view: View) -> list[str]:
    """Return which part of the sales has a known cost, where it is not all of them."""
    coverage, complete = view.figure("cost_coverage"), view.figure("cost")
    missing = view.own.missing_cost_skus
    asked = f" Faltam os custos de {plural(missing, 'produto', 'produtos')}." if missing else ""
    if coverage is None and complete is None:
        return [f"{NO_PRODUCT_COST} Envie uma planilha com SKU e custo para calcular a margem.{asked}"]
    if complete is None and coverage is not None:
        share = percent(coverage.value)
        return [f"O custo é conhecido para {share} da receita: contribuição e margem são só dessa parte.{asked}"]
    return [*_of_taxes(view), *_of_days(view)]


NO_PRODUCT_COST: Final = (
    "O custo de compra dos produtos não é conhecido: “sobra” é a receita menos tarifas, envio e reembolsos."
)


def _of_taxes(view: View) -> list[str]:
    figure = view.figure("contribution")
    share = None if figure is None else figure.detail.get("tax_share")
    if share is None or share >= 1:
        return []
    if not share:
        return ["A contribuição é antes de impostos: nenhuma alíquota é conhecida."]
    return [f"A contribuição desconta impostos só de {percent(share)} da receita: das outras vendas não há alíquota."]


def _of_days(view: View) -> list[str]:
    figure = view.figure("cost")
    rows = 0 if figure is None else int(figure.detail.get("later_rows", 0))
    if not rows:
        return []
    return [f"{number(rows)} linha(s) são de antes do primeiro custo conhecido: usam esse primeiro custo."]


def _break_even(view: View, product: dict[str, Any]) -> str:
    price = product.get("break_even")
    if price is None:
        return "não se paga em preço nenhum, com as tarifas, devoluções e impostos que teve"
    return f"só se paga a partir de {view.money(price)}"


def _bears(product: dict[str, Any]) -> str:
    """Return the highest return rate that it bears at this price, where returns are known."""
    bearable, rate = product.get("bearable"), product.get("return_rate")
    if bearable is None or not rate:
        return ""
    if not bearable:
        return f", e mesmo sem devoluções (teve {percent(rate)}) não se pagaria a esse preço"
    return f"; a esse preço suporta até {percent(bearable)} de devolução, e teve {percent(rate)}"
