"""Rules about stock: what ends soon, what lies too long, and what does not sell at all."""

from __future__ import annotations

from typing import Any, Final

from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import agree, day, listing, number, plural
from streams.analysis.rules.view import View

_SHOWN: Final = 5
#: From so many days without a sale on it is no mere quiet month.
_LONG_DAYS: Final = 60


def low_stock(view: View) -> Finding | None:
    """Find products whose stock ends soon; those that have stopped selling are another rule's."""
    figure = view.figure("low_stock")
    if figure is None:
        return None
    silent = view.products("days_without_sales").keys() | view.products("stopped_everywhere").keys()
    low = {sku: p for sku, p in view.products("low_stock").items() if sku not in silent}
    if not low:
        return None
    skus = list(low)
    limit, counted = int(figure.detail["limit"]), day(str(figure.detail["counted_on"]))
    evidence = [
        view.evidence(
            "low_stock",
            f"{view.title_of(sku)}: {number(p['stock'])} em estoque, {number(p['per_day'], 1)} por dia: dura "
            f"{number(p['stock_days'])} dias",
            value=p["stock_days"],
            skus=[sku],
        )
        for sku, p in list(low.items())[:_SHOWN]
    ]
    return found(
        view,
        "low-stock",
        title=f"Repor {listing(skus)} antes que acabe",
        what=(
            f"No ritmo de vendas do documento, o estoque de {listing(skus)} contado em {counted} dura menos de {limit} "
            "dias. Faça o pedido ao fornecedor agora; "
            f"{agree(skus, 'parado, o anúncio perde', 'parados, os anúncios perdem')} posição na busca. O cálculo "
            "só conhece as vendas deste documento."
        ),
        evidence=evidence,
        priority="high",
        steps=[
            Step(
                1,
                f"Pedir reposição de {listing(skus)}",
                "Conferir o estoque e o que já foi pedido, fazer o pedido pelo prazo do fornecedor e, se ele não "
                "chegar a tempo, segurar promoções e publicidade.",
            ),
            Step(
                2,
                "Definir o ponto de reposição",
                "Para cada produto, vendas por dia vezes o prazo do fornecedor, com uma folga: pedir quando o estoque "
                "chegar aí.",
            ),
        ],
    )


def slow_stock(view: View) -> Finding | None:
    """Find the money in stock that lasts far too long."""
    figure = view.figure("slow_stock")
    if figure is None:
        return None
    slow = view.products("slow_stock")
    skus = list(slow)
    limit, counted = int(figure.detail["limit"]), day(str(figure.detail["counted_on"]))
    evidence = [
        view.evidence(
            "slow_stock",
            f"{view.title_of(sku)}: {number(p['stock'])} em estoque duram {number(p['stock_days'])} dias; "
            f"{number(p['spare'])} unidades a mais, a {view.money(p['unit_cost'])} cada",
            value=p["tied"],
            skus=[sku],
        )
        for sku, p in list(slow.items())[:_SHOWN]
    ]
    return found(
        view,
        "slow-stock",
        title=f"Girar o estoque parado de {listing(skus)}",
        what=(
            f"{view.money(figure.value)} estão em estoque além de {limit} dias de vendas (contado em {counted}), pelo "
            f"custo: {listing(skus)}. Faça kits ou uma promoção acima do preço de equilíbrio e não reponha até lá. O "
            "cálculo só conhece as vendas deste documento."
        ),
        evidence=evidence,
        priority="normal",
        steps=[
            Step(
                2,
                f"Vender o excesso de {listing(skus)}",
                "Suspender as compras, montar kits com o que vende bem e dar desconto só até o preço de equilíbrio.",
            )
        ],
    )


def idle_stock(view: View) -> Finding | None:
    """Find stock of which the document has no sale. What lies in it is told where its cost is known."""
    figure = view.figure("idle_stock")
    if figure is None:
        return None
    idle = view.products("idle_stock")
    skus, count = list(idle), int(figure.detail["products"])
    days, counted = int(figure.detail["days"]), day(str(figure.detail["counted_on"]))
    titles = figure.detail.get("titles", {})
    evidence = [
        view.evidence(
            "idle_stock",
            f"{f'{sku} ({titles[sku]})' if sku in titles else sku}: parado: "
            f"{plural(p['stock'], 'unidade', 'unidades')}, nenhuma venda nos {days} dias do documento"
            f"{_tied(view, p)}",
            value=1.0,
            skus=[sku],
        )
        for sku, p in list(idle.items())[:_SHOWN]
    ]
    return found(
        view,
        "idle-stock",
        title=f"Vender o estoque parado: {plural(count, 'produto', 'produtos')} sem venda",
        what=(
            f"{listing(skus)} {agree(skus, 'tem', 'têm')} estoque (contado em {counted}) e nenhuma venda nos {days} "
            f"dias do documento: {plural(figure.detail['units'], 'unidade', 'unidades')} ao todo"
            f"{_money_in(view, figure.detail)}. Confira se os anúncios estão ativos e com o SKU certo; o que chegou há "
            "pouco precisa de tempo. O cálculo só conhece as vendas deste documento."
        ),
        evidence=evidence,
        priority="normal" if days >= _LONG_DAYS else "low",
        steps=[
            Step(
                2,
                f"Pôr à venda ou liquidar {listing(skus)}",
                "Ver se cada produto tem anúncio ativo, com foto, preço e SKU certos; se já tem, fazer kit ou promoção "
                "acima do custo e não comprar mais até girar.",
            )
        ],
    )


def _tied(view: View, product: dict[str, float]) -> str:
    if "tied" not in product:
        return "; custo desconhecido"
    return f"; {view.money(product['tied'])} parados, a {view.money(product['unit_cost'])} cada"


def _money_in(view: View, detail: dict[str, Any]) -> str:
    """Return the money that lies in stock, and for how many products it is known."""
    if "tied" not in detail:
        return ", de custo desconhecido"
    costed, products = int(detail["costed"]), int(detail["products"])
    of = "" if costed == products else f" nos {costed} de {products} produtos com custo conhecido"
    return f", {view.money(detail['tied'])} parados pelo custo{of}"
