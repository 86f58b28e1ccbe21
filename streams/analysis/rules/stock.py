"""Rules about stock: what ends soon, what lies too long, and what does not sell at all."""

from __future__ import annotations

from typing import Any, Final

from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import agree, day, listing, number, plural
from streams.analysis.rules.rate import poisson
from streams.analysis.rules.view import Products, Told, View

#: From so many days without a sale on it is no mere quiet month.
_LONG_DAYS: Final = 60
_FEW: Final = " As vendas são poucas para afirmar que dura {sense} dias."


def low_stock(view: View) -> Finding | None:
    """Find products whose stock ends soon; those that have stopped selling are another rule's.

    It is urgent where a product's stock ends soon by the slowest pace, too, that so few sales allow.
    """
    figure = view.figure("low_stock")
    if figure is None:
        return None
    silent = view.products("days_without_sales").keys() | view.products("stopped_everywhere").keys()
    low = {sku: p for sku, p in view.products("low_stock").items() if sku not in silent}
    if not low:
        return None
    skus = list(low)
    limit, counted = int(figure.detail["limit"]), day(str(figure.detail["counted_on"]))
    sure = [sku for sku, p in low.items() if span_of(p)[1] < limit]
    return found(
        view,
        "low-stock",
        title=f"Repor {listing(skus)} antes que acabe",
        what=(
            f"No ritmo de vendas do documento, o estoque de {listing(skus)} contado em {counted} dura menos de {limit} "
            "dias. Faça o pedido ao fornecedor agora; "
            f"{agree(skus, 'parado, o anúncio perde', 'parados, os anúncios perdem')} posição na busca. O cálculo "
            f"só conhece as vendas deste documento.{'' if sure else _FEW.format(sense=f'menos de {limit}')}"
        ),
        evidence=view.evidence_by_sku("low_stock", _ending(view, low)),
        priority="high" if sure else "normal",
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
    """Find the money in stock that lasts far too long; it can wait where so few sales may have been slow by chance."""
    figure = view.figure("slow_stock")
    if figure is None:
        return None
    slow = view.products("slow_stock")
    skus = list(slow)
    limit, counted = int(figure.detail["limit"]), day(str(figure.detail["counted_on"]))
    sure = [sku for sku, p in slow.items() if span_of(p)[0] > limit]
    return found(
        view,
        "slow-stock",
        title=f"Girar o estoque parado de {listing(skus)}",
        what=(
            f"{view.money(figure.value)} estão em estoque além de {limit} dias de vendas (contado em {counted}), pelo "
            f"custo: {listing(skus)}. Faça kits ou uma promoção acima do preço de equilíbrio e não reponha até lá. O "
            f"cálculo só conhece as vendas deste documento.{'' if sure else _FEW.format(sense=f'mais de {limit}')}"
        ),
        evidence=view.evidence_by_sku("slow_stock", _lasting(view, slow)),
        priority="normal" if sure else "low",
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
        evidence=view.evidence_by_sku("idle_stock", _unseen(view, idle, figure.detail)),
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


def span_of(product: dict[str, Any]) -> tuple[float, float]:
    """Return the fewest and the most days that stock lasts by the units that its pace was counted from.

    Both are the days themselves where these units are unknown (an earlier version's figure).
    """
    lasts, counted = float(product["stock_days"]), product.get("paced_units")
    if not counted:
        return lasts, lasts
    slow, fast = poisson(float(counted))
    return lasts * counted / fast, lasts * counted / slow if slow > 0 else float("inf")


def _by_chance(product: dict[str, Any]) -> str:
    """Return ` (de 6 a 25, 10 unidades vendidas)`; nothing where the units are unknown."""
    counted = product.get("paced_units")
    if not counted:
        return ""
    least, most = span_of(product)
    ends = f"{number(least)} ou mais" if most == float("inf") else f"de {number(least)} a {number(most)}"
    return f" ({ends}, {plural(counted, 'unidade vendida', 'unidades vendidas')})"


def _ending(view: View, low: Products) -> Told:
    for sku, p in low.items():
        lasts = f"{number(p['per_day'], 1)} por dia: dura {number(p['stock_days'])} dias{_by_chance(p)}"
        yield sku, f"{view.title_of(sku)}: {number(p['stock'])} em estoque, {lasts}", p["stock_days"]


def _lasting(view: View, slow: Products) -> Told:
    for sku, p in slow.items():
        lasts = f"{number(p['stock'])} em estoque duram {number(p['stock_days'])} dias{_by_chance(p)}"
        spare = f"{number(p['spare'])} unidades a mais, a {view.money(p['unit_cost'])} cada"
        yield sku, f"{view.title_of(sku)}: {lasts}; {spare}", p["tied"]


def _unseen(view: View, idle: Products, detail: dict[str, Any]) -> Told:
    titles, days = detail.get("titles", {}), int(detail["days"])
    for sku, p in idle.items():
        what = f"{sku} ({titles[sku]})" if sku in titles else sku
        units = plural(p["stock"], "unidade", "unidades")
        yield sku, f"{what}: parado: {units}, nenhuma venda nos {days} dias do documento{_tied(view, p)}", 1.0


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
