"""The rule about single orders that lose money although nothing of them came back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import listing, plural
from streams.analysis.rules.rate import Rate, rate_of
from streams.analysis.rules.view import Told, View

#: The share of orders from which on those that lose are no exception any more ...
LOSING_SHARE: Final = 0.01
#: ... where there are as many as this.
MIN_LOSING: Final = 5
#: What takes an order below zero: the part, how it is called, and what helps against it.
_CAUSES: Final[dict[str, tuple[str, str]]] = {
    "shipping": (
        "o frete",
        "pôr um valor mínimo para o frete grátis, trocar a modalidade de envio nessas regiões ou vender o item em kit",
    ),
    "fees": ("a tarifa", "juntar os itens baratos em kits, que pagam a parte fixa uma vez só, ou subir o preço deles"),
    "cost": ("o custo dos produtos", "subir o preço, renegociar o custo ou limitar o desconto nesses pedidos"),
}


def losing_orders(view: View) -> Finding | None:
    """Find orders that lose money without a refund, of products that pay as a whole. Worth: what they lose.

    What loses by a refund is the returns' affair, and a product that loses as a whole has a finding of its own.
    """
    figure, rate = view.figure("losing_unrefunded"), losing_rate(view)
    if figure is None or rate is None or figure.detail["orders"] < MIN_LOSING or not rate.surely(LOSING_SHARE):
        return None
    count, skus = plural(figure.detail["orders"], "pedido", "pedidos"), figure.skus
    at_least: list[str] = figure.detail.get("at_least", [])
    heaviest, said = _heaviest(view, figure.detail["parts"], at_least)
    told = _parts(view, figure.detail["parts"], at_least)
    cause, remedy = _CAUSES[heaviest]
    return found(
        view,
        "losing-orders",
        title=f"Parar de perder em {count} sem devolução",
        what=(
            f"{count} sem devolução custaram mais do que trouxeram: {told}. {said} "
            f"é {cause}. {_of_products(skus)}A página do número traz cada pedido e suas linhas."
        ),
        evidence=[
            view.evidence("losing_unrefunded", f"Pedidos que perdem sem devolução: {rate.told('pedidos')}"),
            *view.evidence_by_sku("losing_unrefunded", _products(view)),
        ],
        gain=view.share_of_document(figure.value),
        steps=[
            Step(
                1,
                f"Conferir os pedidos que perdem{f' de {listing(skus)}' if skus else ''}",
                f"Abrir na página do número os pedidos que mais perdem e ver o que têm em comum; depois {remedy}.",
            ),
            Step(
                2,
                "Pôr um valor mínimo por pedido",
                "Calcular o menor valor de pedido que paga tarifa, frete e custo, e ajustar preço, kit e frete grátis "
                "para que nenhum fique abaixo dele.",
            ),
        ],
    )


def _of_products(skus: list[str]) -> str:
    """Return the sentence on the products of these orders; none of a document that names no product."""
    return f"Os produtos se pagam no total, e perdem nesses pedidos: {listing(skus)}. " if skus else ""


def losing_rate(view: View) -> Rate | None:
    """Return the share of the orders without a refund that lose, with its interval; None where none does."""
    figure = view.figure("losing_unrefunded")
    if figure is None:
        return None
    return rate_of(figure.detail["successes"] / figure.detail["trials"], figure.detail)


def losing_notes(view: View) -> Iterator[str]:
    """Return what is too little to be a finding: few orders, or a share that chance may have made."""
    rate = losing_rate(view)
    if rate is not None and losing_orders(view) is None and rate.value >= LOSING_SHARE:
        told = rate.told("pedidos")
        yield f"Pedidos que perdem sem devolução: {told}. São poucos dados para afirmar que não são exceção."


def _heaviest(view: View, parts: dict[str, float], at_least: list[str]) -> tuple[str, str]:
    """Return what takes most of these orders' revenue beyond what it takes of all, and how that is said.

    Where it is not known of each part what it takes of all, it is the largest part, and nothing is said of others.
    Where not every row tells a part (`at_least`), the largest is so of what is known only.
    """
    usual = {"fees": view.value("fee_share"), "shipping": view.value("shipping_share"), "cost": _cost_share(view)}
    known = {name: parts[name] for name in _CAUSES if name in parts}
    beyond = {
        name: part / parts["revenue"] - share for name, part in known.items() if (share := usual[name]) is not None
    }
    in_part = {"revenue", *known} & set(at_least)
    if beyond.keys() == known.keys() and not in_part:
        return max(beyond, key=lambda name: (beyond[name], name)), "O que mais pesa neles, perto dos outros,"
    most = "Do que se sabe, o que mais tira deles" if in_part else "O que mais tira deles"
    return max(known, key=lambda name: (known[name], name)), most


def _cost_share(view: View) -> float | None:
    cost, revenue = view.value("cost"), view.value("revenue")
    return cost / revenue if cost is not None and revenue else None


def _parts(view: View, parts: dict[str, float], at_least: list[str]) -> str:
    """Return what these orders brought in against what was taken of it, as far as it is known.

    Of a part that not every row tells, its sum is the least that it is.
    """
    names = {"revenue": "de receita", "fees": "de tarifas", "shipping": "de frete", "cost": "de custo"}
    names |= {"taxes": "de impostos"}
    told = {
        name: f"{'ao menos ' * (name in at_least)}{view.money(parts[name])} {words}"
        for name, words in names.items()
        if parts.get(name)
    }
    revenue = told.pop("revenue", f"{view.money(parts['revenue'])} {names['revenue']}")
    return f"{revenue} contra {listing(list(told.values()), len(told))}"


def _products(view: View) -> Told:
    for sku, one in view.products("losing_unrefunded").items():
        lines = plural(one["lines"], "linha", "linhas")
        yield sku, f"{view.title_of(sku)}: perde {view.money(-one['contribution'])} em {lines}", -one["contribution"]
