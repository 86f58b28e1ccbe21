"""Rules about the channel's tariff: fees charged above it, and prices just above the one from which it takes more."""

from __future__ import annotations

from typing import Any, Final

from schemas.facts import Figure
from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import between, day, listing, number, plural
from streams.analysis.rules.view import Products, Told, View

#: Less than this is not worth a claim.
MIN_OVER: Final = 1.0
#: From this share of the orders on it is likelier a program that the seller takes part in than a mistake.
MANY_ORDERS: Final = 0.2
NOT_AUDITED: Final = (
    "As tarifas cobradas não foram conferidas: nenhuma tabela de tarifas conhecida vale para estas vendas de {name}."
)


def fee_audit(view: View) -> Finding | None:
    """Find fees above the tariff. Worth: what was charged too much."""
    figure = view.figure("fee_over_tariff")
    if figure is None or figure.value < MIN_OVER:
        return None
    told, products = figure.detail, view.products("fee_over_tariff")
    days, orders, judged = judged_days(view, told), told["orders"], told["judged_orders"]
    skus = list(products)
    table = "da tabela" if told["exact"] else "do máximo da tabela"
    many = (
        "Como são muitos pedidos, veja primeiro se um programa pago (frete, campanha, afiliados) explica a diferença; "
        "o que ele não explicar, conteste."
        if orders >= judged * MANY_ORDERS
        else "Confira esses pedidos no extrato e conteste no atendimento ao vendedor, com os números dos pedidos."
    )
    return found(
        view,
        "fee-audit",
        title=f"Conferir {view.money(figure.value)} de tarifas acima {table}",
        what=(
            f"{view.name} cobrou {view.money(figure.value)} acima {table} em {number(orders)} de "
            f"{plural(judged, 'pedido conferido', 'pedidos conferidos')} (tabela desde {day(told['valid_from'])}). "
            f"{many}"
        ),
        evidence=[
            view.evidence(
                "fee_over_tariff",
                f"Cobrado {view.money(told['charged'])}, pela tabela {view.money(told['expected'])}, em "
                f"{number(orders)} de {plural(judged, 'pedido conferido', 'pedidos conferidos')}",
                skus=skus,
            ),
            *view.evidence_by_sku("fee_over_tariff", _overcharged(view, products)),
        ],
        gain=view.share_of(figure.value, days),
        days=days,
        steps=[
            Step(
                1,
                "Conferir e contestar as tarifas acima da tabela",
                "Abrir os pedidos desta oportunidade no extrato, separar o que é programa pago do que é erro e "
                f"contestar o erro. Comece por {listing(skus)}.",
            )
        ],
    )


def price_cliffs(view: View) -> Finding | None:
    """Find prices of which less is left than of a lower one. Worth: the difference on the units sold."""
    figure = view.figure("price_cliffs")
    if figure is None:
        return None
    products, days = view.products("price_cliffs"), judged_days(view, figure.detail)
    skus = list(products)
    first = products[skus[0]]
    return found(
        view,
        "price-cliffs",
        title=f"Baixar o preço de {listing(skus)} e ganhar mais por unidade",
        what=(
            f"{skus[0]} vendido a {view.money(first['better'])} deixa {view.money(first['gain_unit'])} a mais por "
            f"unidade que a {view.money(first['price'])}: logo acima de {view.money(first['better'])} a tarifa sobe "
            f"mais que o preço (tabela desde {day(figure.detail['valid_from'])}{_judged(figure)}). Baixe até esse "
            "valor, ou suba bastante; a conta usa as mesmas unidades vendidas."
        ),
        evidence=view.evidence_by_sku("price_cliffs", _below_the_cliff(view, products)),
        gain=view.share_of(figure.value, days),
        days=days,
        steps=[
            Step(
                1,
                f"Mudar o preço de {listing(skus)}",
                "Conferir a tarifa no simulador do canal e pôr o preço no valor indicado para cada produto; depois de "
                "duas semanas, comparar quanto sobra por unidade.",
            )
        ],
    )


def audit_notes(view: View) -> list[str]:
    """Return by which tariff fees were judged, and what its sources do not agree on."""
    figure = view.figure("fee_over_tariff") or view.figure("price_cliffs")
    if figure is None:
        return [] if view.value("fee_share") is None else [NOT_AUDITED.format(name=view.name)]
    told = figure.detail
    notes = [f"Tarifas conferidas pela tabela desde {day(told['valid_from'])} (fonte: {told['source']})."]
    if figure.metric == "fee_over_tariff" and figure.value < MIN_OVER:
        notes[0] += f" Nenhuma cobrança acima dela em {plural(told['judged_orders'], 'pedido', 'pedidos')}."
    if whole := told.get("judged_as_one", 0):
        notes.append(
            f"Em {plural(whole, 'pedido', 'pedidos')} de vários itens o arquivo traz uma tarifa só: ela foi conferida "
            "pelo pedido inteiro."
        )
    if not told["exact"]:
        notes.append(
            "A tarifa depende da categoria, que o arquivo não traz: só conta o que passa do máximo possível para o "
            "tipo de anúncio (sem ele, para o mais caro)."
        )
    if "disputed_above" in told:
        notes.append(
            f"Acima de {view.money(told['disputed_above'])} outra fonte diz outros valores ({told['other_source']}): "
            "ali só conta a cobrança acima das duas, e nenhum preço é sugerido."
        )
    return notes


def _judged(figure: Figure) -> str:
    """Return of how many orders prices were judged; nothing where that is unknown (an earlier version's figure)."""
    judged = figure.detail.get("judged_orders")
    return "" if judged is None else f"; {plural(judged, 'pedido conferido', 'pedidos conferidos')}"


def _overcharged(view: View, products: Products) -> Told:
    for sku, p in products.items():
        more = f"{view.money(p['over'])} a mais ({view.money(p['fees'])} em vez de {view.money(p['expected'])})"
        yield sku, f"{view.title_of(sku)}: {more}", p["over"]


def _below_the_cliff(view: View, products: Products) -> Told:
    for sku, p in products.items():
        sold = f"{number(p['units'])} unidades a {view.money(p['price'])}"
        better = f"a {view.money(p['better'])} sobram {view.money(p['gain'])} a mais"
        yield sku, f"{view.title_of(sku)}: {sold}; {better}", p["gain"]


def judged_days(view: View, told: dict[str, Any]) -> float:
    """Return the days that were judged, without those of stragglers."""
    main: Figure | None = view.figure("main_days")
    judged = between(str(told["since"]), str(told["until"]))
    return judged if main is None else min(judged, main.value)
