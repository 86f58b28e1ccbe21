"""Find advertising that costs more than its products earn, or that brings no sales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemas.facts import NETS, Product
from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import agree, between, listing, number, percent, plural
from streams.analysis.rules.view import Told, View

#: Where a product's advertising paid for so many sales and brought none, chance alone would do so once in twenty.
SALES_PAID_FOR: Final = 3.0
#: The quantile of the normal distribution for 95 %, both sides.
_Z: Final = 1.96


_AFTER: Final = dict(
    zip(
        NETS,
        (
            "depois de tarifas, envio e reembolsos, sem o custo",
            "depois de tarifas e reembolsos, sem o envio e o custo",
            "depois de tarifas e envio, sem os reembolsos e o custo",
            "depois de tarifas, sem envio, reembolsos e custo",
        ),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Bears:
    """The share of a sale that is left to pay advertising. `whole`: after the goods' cost, too; else at most that.

    `net` is the figure of what is left, which says what it does not contain.
    """

    share: float
    whole: bool
    net: str = NETS[0]

    @property
    def told(self) -> str:
        return f"{percent(self.share)} {'de margem antes da publicidade' if self.whole else _AFTER[self.net]}"


@dataclass(frozen=True, slots=True)
class _Product:
    sku: str
    cost: float
    sales: float
    bears: Bears
    surely: bool  # chance allowed for, its advertising costs more than it bears

    @property
    def loss(self) -> float:
        return self.cost - self.bears.share * self.sales


def unprofitable_ads(view: View) -> Finding | None:
    """Find advertising that costs more than its sales earn. Worth: the monthly loss."""
    cost, acos, bears = view.value("advertising_cost"), view.value("acos"), channel_bears(view)
    if cost is None:
        return None
    losing = [one for one in _products(view) if one.surely and one.loss > 0]
    metric = "tacos" if acos is None else "acos"
    share, base = view.value(metric), view.value("revenue" if acos is None else "advertising_sales")
    is_low = share is None or bears is None or _low(view, share, base, metric) <= bears.share
    if not losing and is_low:
        return None
    skus = [one.sku for one in losing]
    evidence = [view.evidence(metric, _of_channel(view, metric, bears), skus=[])] if share is not None else []
    evidence += view.evidence_by_sku("advertising_cost", _losing(view, losing))
    evidence += view.evidence_by_sku("bearable_acos", _bearing(view, losing))
    if acos is not None and (tacos := view.value("tacos")) is not None:
        evidence.append(view.evidence("tacos", f"TACOS: {percent(tacos)} de toda a receita", skus=[]))
    loss = sum(one.loss for one in losing)
    if not losing and share is not None and bears is not None and base is not None:
        loss = cost - bears.share * base - (view.value("ads_without_sales") or 0.0)  # those have their own finding
    which = listing(skus) if skus else "campanhas"
    return found(
        view,
        "unprofitable-ads",
        title=f"Parar a publicidade que não se paga: {which}",
        what=(
            f"A publicidade de {which} custa mais do que sobra do que ela vende. Reduza o lance até o ACOS ficar "
            "abaixo do que sobra, ou pause o anúncio; o que vende sozinho continua vendendo."
        ),
        evidence=evidence,
        gain=_a_month(view, loss),
        days=_days(view),
        steps=[
            Step(
                1,
                f"Baixar o lance ou pausar: {which}",
                f"Em cada campanha, pôr como ACOS máximo o que sobra do produto antes da publicidade{_limits(losing)}; "
                "pausar as que passam disso mesmo com o lance menor.",
            ),
            Step(
                2,
                "Pôr um ACOS máximo por produto",
                "Enviar os custos dos produtos e usar a margem de cada um como limite das campanhas dele.",
            ),
        ],
    )


def ads_without_sales(view: View) -> Finding | None:
    """Find products whose advertising had the budget of several sales and brought none. Worth: its monthly cost."""
    idle = _idle(view)
    if not idle:
        return None
    skus = list(idle)
    spent = sum(idle.values())
    return found(
        view,
        "ads-without-sales",
        title=f"Pausar a publicidade sem vendas: {plural(len(skus), 'produto', 'produtos')}",
        what=(
            f"{listing(skus)} {agree(skus, 'custou', 'custaram')} {view.money(spent)} de publicidade, e o relatório "
            "não atribui nenhuma venda a ela. Pelo que uma venda custa nos outros anúncios, haveria pelo menos "
            f"{number(SALES_PAID_FOR)} de cada um. Pause, e antes de voltar corrija preço, fotos e palavras."
        ),
        evidence=view.evidence_by_sku("ads_without_sales", _unsold(view, idle)),
        gain=_a_month(view, spent),
        days=_days(view),
        steps=[
            Step(
                1,
                f"Pausar os anúncios de {listing(skus)}",
                "Pausar hoje e acompanhar por duas semanas se as vendas do produto caem; se não caem, não voltar.",
            )
        ],
    )


def ad_notes(view: View) -> list[str]:
    """Return what of advertising could not be judged, and how to make it known."""
    if view.value("advertising_cost") is None:
        return []
    acos, tacos, bears = view.value("acos"), view.value("tacos"), channel_bears(view)
    notes = []
    if view.value("advertising_sales") is None:
        of_all = "" if tacos is None else f" (ela custa {percent(tacos)} de toda a receita)"
        notes.append(f"O relatório não diz quanto a publicidade vendeu: o ACOS é desconhecido{of_all}.")
    if bears is None:
        notes.append(
            "Não se sabe quanto sobra das vendas antes da publicidade: sem tarifas e custos não se pode dizer se ela "
            "se paga."
        )
    elif not bears.whole and acos is not None and acos <= bears.share:
        notes.append(
            f"O ACOS é de {percent(acos)}. Sem o custo dos produtos não se sabe se a publicidade se paga: sobram no "
            f"máximo {bears.told} deles."
        )
    sales = view.value("advertising_sales")
    if acos is not None and bears is not None and acos > bears.share >= _low(view, acos, sales, "acos"):
        notes.append(
            f"O ACOS de {percent(acos)} passa do que sobra ({bears.told}), mas a publicidade vendeu pouco: são poucos "
            "dados para afirmar que ela não se paga."
        )
    return notes


def channel_bears(view: View) -> Bears | None:
    """Return the share of the channel's sales that can pay for advertising; None where even their fees are unknown."""
    margin = view.value("margin")
    if margin is not None:
        return Bears(margin, whole=True)
    name, revenue = _net(view), view.value("revenue")
    net = view.value(name)
    return None if net is None or not revenue else Bears(net / revenue, whole=False, net=name)


def _net(view: View) -> str:
    """Return the figure of the net of the channel's sales."""
    return next((name for name in NETS if view.value(name) is not None), NETS[0])


def _limits(losing: list[_Product]) -> str:
    """Return the highest ACOS that each product bears, of those whose every cost is known."""
    known = [f"{one.sku} até {percent(max(0.0, one.bears.share))}" for one in losing if one.bears.whole]
    return f" ({listing(known)})" if known else ""


def _of_channel(view: View, metric: str, bears: Bears | None) -> str:
    share, cost = view.value(metric) or 0.0, view.value("advertising_cost") or 0.0
    of = "de toda a receita" if metric == "tacos" else f"de {view.money(view.value('advertising_sales') or 0.0)}"
    left = "" if bears is None else f"; ficam {bears.told}"
    return f"{metric.upper()} {percent(share)}: {view.money(cost)} de publicidade {of}{left}"


def _low(view: View, share: float, base: float | None, metric: str) -> float:
    """Return the lower end of a share of sales; of sales that are attributed their number moves by chance."""
    if metric == "tacos":
        return share
    ticket = view.value("average_ticket") or _price(view)
    return 0.0 if not base or not ticket else _lower(share, base / ticket)


def _lower(acos: float, sales: float) -> float:
    """Return the lower confidence bound of an ACOS that was counted from so many sales."""
    return acos / (1 + _Z / sales**0.5) if sales > 0 else 0.0


def _price(view: View) -> float | None:
    revenue, units = view.value("revenue"), view.value("units")
    return revenue / units if revenue and units else None


def _products(view: View) -> list[_Product]:
    """Return the advertised products of which is known what is left of them, the largest loss first."""
    listed, told_acos = {product.sku: product for product in view.own.products}, view.products("bearable_acos")
    result = []
    for sku, told in view.products("advertising_cost").items():
        product, sales = listed.get(sku), told.get("ad_sales")
        if product is None or not sales or not product.revenue or not product.unit_price:
            continue
        bears = _product_bears(view, product, told_acos.get(sku))
        if bears is None:
            continue
        low = _lower(told["ad_cost"] / sales, sales / product.unit_price)
        result.append(_Product(sku, told["ad_cost"], sales, bears, surely=low > bears.share))
    return sorted(result, key=lambda one: (-one.loss, one.sku))


def _product_bears(view: View, product: Product, told: dict[str, float] | None) -> Bears | None:
    """Return what is left of a product's sales: as its own figure tells, else of its sums; None where nobody knows."""
    if told is not None:
        return Bears(told["bearable_acos"], whole=True)
    left = product.net if product.contribution is None else product.contribution
    if left is None or not product.revenue:
        return None
    return Bears(left / product.revenue, whole=product.contribution is not None, net=_net(view))


def _losing(view: View, products: list[_Product]) -> Told:
    for one in products:
        sold = f"{view.money(one.cost)} de publicidade para {view.money(one.sales)} vendidos por ela"
        lost = f"ficam {one.bears.told}: perde {view.money(one.loss)}"
        yield one.sku, f"{view.title_of(one.sku)}: {sold} ({percent(one.cost / one.sales)}); {lost}", round(one.cost, 2)


def _bearing(view: View, products: list[_Product]) -> Told:
    told = view.products("bearable_acos")
    for one in products:
        if one.sku in told:
            share, units = told[one.sku]["bearable_acos"], number(told[one.sku]["units"])
            yield one.sku, f"{view.title_of(one.sku)}: paga até {percent(share)} de ACOS ({units} unidades)", share


def _unsold(view: View, idle: dict[str, float]) -> Told:
    for sku, amount in idle.items():
        yield sku, f"{view.title_of(sku)}: {view.money(amount)} de publicidade e nenhuma venda por ela", amount


def _idle(view: View) -> dict[str, float]:
    """Return the products whose advertising paid for several sales and brought none, with what it cost."""
    acos, price = view.value("acos"), _price(view)
    if price is None:
        return {}
    prices = {product.sku: product.unit_price for product in view.own.products}
    of_a_sale = 1.0 if acos is None else min(acos, 1.0)  # what a sale costs, as a share of it
    return {
        sku: told["ad_cost"]
        for sku, told in view.products("ads_without_sales").items()
        if told["ad_cost"] >= SALES_PAID_FOR * of_a_sale * (prices.get(sku) or price)
    }


def _days(view: View) -> float | None:
    """Return how many days the report tells of."""
    figure = view.figure("advertising_cost")
    told = {} if figure is None else figure.detail
    return between(told["from"], told["to"]) if "from" in told else None


def _a_month(view: View, amount: float) -> float:
    days = _days(view)
    return view.share_of_document(amount) if days is None else view.share_of(amount, days)
