"""Rules about what selling costs: fees, shipping, cancellations, discounts."""

from __future__ import annotations

from typing import Any, Final

from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import listing, number, percent, plural
from streams.analysis.rules.tariffs import judged_days
from streams.analysis.rules.view import View

#: Fees above this share of revenue are worth a look.
HIGH_FEE_SHARE: Final = 0.20
#: Fees up to so many times the table's are as the table: rounding, coupons.
AS_THE_TABLE: Final = 1.01
HIGH_SHIPPING_SHARE: Final = 0.10
TARGET_SHIPPING_SHARE: Final = 0.08
HIGH_CANCELLATION_RATE: Final = 0.05
TARGET_CANCELLATION_RATE: Final = 0.02
HIGH_DISCOUNT_DEPTH: Final = 0.15
TARGET_DISCOUNT_DEPTH: Final = 0.10


def fees(view: View) -> Finding | None:
    """Find fees that are a large share of revenue.

    Worth: what kits had saved by the channel's tariff, where one is known; what lies above it is another finding's.
    """
    counted = view.rate("fee_share")
    if counted is None or not counted.surely(HIGH_FEE_SHARE) or view.has_few_orders:
        return None
    if _is_as_the_table(view):
        return None
    share = counted.value
    told, kits, days = _by_tariff(view)
    skus = list(kits.get("by_sku", {}))
    evidence = [view.evidence("fee_share", f"Tarifas sobre a receita: {counted.told('vendas')}", skus=[])]
    if skus:
        evidence.append(
            view.evidence(
                "fee_over_tariff",
                f"Em {plural(kits['sales'], 'venda', 'vendas')} de duas unidades ou mais, um kit teria poupado "
                f"{view.money(kits['saved'])} de tarifa fixa",
                value=kits["saved"],
                skus=skus,
            )
        )
    return found(
        view,
        "fees",
        title=f"Rever as tarifas: {percent(share)} da receita",
        what=(
            f"De cada {view.money(100)} vendidos, {view.money(share * 100)} ficam com o canal. {told} Reveja o tipo de "
            "anúncio, os programas pagos (frete grátis, cashback) e o preço dos itens baratos, em que a tarifa fixa "
            "pesa mais."
        ),
        evidence=evidence,
        gain=view.share_of(kits["saved"], days) if kits and days is not None else None,
        days=days if kits else None,
        steps=[
            Step(
                1,
                "Rever tipo de anúncio e programas pagos",
                "Listar os 20 produtos que mais pagam tarifa e trocar o tipo de anúncio ou sair do programa onde o "
                "custo não se paga em vendas.",
            ),
            Step(
                2,
                f"Montar kits de {listing(skus)}" if skus else "Montar kits dos itens baratos",
                "Juntar em kits os itens em que a tarifa fixa pesa, para diluí-la em um ticket maior.",
            ),
        ],
    )


def _is_as_the_table(view: View) -> bool:
    """Say whether the channel's table is known to the cent, charges just this, and no kit had saved any of it."""
    figure = view.figure("fee_over_tariff")
    if figure is None or not figure.detail["exact"] or "by_table" not in figure.detail:
        return False
    detail = figure.detail
    return bool(detail["judged_fees"] <= detail["by_table"] * AS_THE_TABLE and "kits" not in detail)


def _by_tariff(view: View) -> tuple[str, dict[str, Any], float | None]:
    """Return what the channel's own tariff makes of these prices, what kits had saved by it, and the days of that."""
    figure = view.figure("fee_over_tariff")
    if figure is None:
        unknown = "Não conhecemos uma tabela de tarifas que valha para estas vendas: quanto pode baixar, não se sabe."
        return unknown, {}, None
    detail = figure.detail
    kits: dict[str, Any] = detail.get("kits", {})
    days = judged_days(view, detail)
    if not detail.get("judged_revenue"):  # an earlier version's figure
        return "", kits, days
    most = "" if detail["exact"] else "até "
    table, charged = (percent(detail[name] / detail["judged_revenue"]) for name in ("by_table", "judged_fees"))
    return f"A própria tabela do canal dá {most}{table} a esses preços; foram cobrados {charged}.", kits, days


def shipping(view: View) -> Finding | None:
    """Find shipping that takes a large share of revenue. Worth: the part above the target share."""
    counted = view.rate("shipping_share")
    if counted is None or not counted.surely(HIGH_SHIPPING_SHARE) or view.has_few_orders:
        return None
    share = counted.value
    saved = (share - TARGET_SHIPPING_SHARE) * view.usual_revenue
    return found(
        view,
        "shipping",
        title=f"Baixar o custo de envio de {percent(share)} da receita",
        what=(
            "Confira peso e medidas cadastrados (um erro muda a faixa do frete), a modalidade de envio e o estoque "
            "perto do comprador (full). Junte itens leves em kits acima da faixa de frete grátis. Meta: "
            f"{percent(TARGET_SHIPPING_SHARE, 0)}."
        ),
        evidence=[view.evidence("shipping_share", f"Envio pago por você, sobre a receita: {counted.told('vendas')}")],
        gain=saved,
        steps=[
            Step(
                1,
                "Conferir peso e medidas cadastrados",
                "Medir e pesar as embalagens dos 20 produtos com mais frete e corrigir o cadastro; contestar as "
                "cobranças por diferença de medidas.",
            ),
            Step(
                3,
                "Avaliar o envio pelo estoque do canal",
                "Simular o envio full dos mais vendidos: frete, armazenagem e prazo, produto a produto.",
            ),
        ],
    )


def cancellations(view: View) -> Finding | None:
    """Find that many orders are cancelled. Worth: the cancelled amount above the target, less costs."""
    counted = view.rate("cancellation_rate")
    if counted is None or not counted.surely(HIGH_CANCELLATION_RATE) or view.has_few_orders:
        return None
    rate = counted.value
    figure = view.figure("cancelled_revenue")
    lost = 0.0 if figure is None else figure.value
    saved = view.share_of_document(lost) * (rate - TARGET_CANCELLATION_RATE) / rate * view.kept_share
    evidence = [view.evidence("cancellation_rate", f"Pedidos cancelados: {counted.told('pedidos')}")]
    skus: list[str] = []
    if figure is not None:
        skus = list(figure.skus[:3])
        evidence.append(
            view.evidence("cancelled_revenue", f"Vendas canceladas: {view.money(lost)} no período do documento")
        )
    most = f" Os que mais somam: {listing(skus)}." if skus else ""
    return found(
        view,
        "cancellations",
        title=f"Reduzir os cancelamentos ({percent(rate)} dos pedidos)",
        what=(
            f"Separe os motivos: falta de estoque, atraso no envio, desistência do comprador.{most} Ajuste o estoque "
            f"entre os canais e o prazo de postagem; meta: {percent(TARGET_CANCELLATION_RATE, 0)}."
        ),
        evidence=evidence,
        gain=saved,
        steps=[
            Step(
                1,
                "Atacar os motivos de cancelamento",
                "Contar os motivos dos cancelamentos do último mês e eliminar o maior: estoque divergente, atraso na "
                "postagem ou anúncio que promete outra coisa.",
            ),
            Step(
                2,
                "Sincronizar o estoque entre os canais",
                "Ligar o estoque dos canais a uma só fonte, com reserva no pedido, para não vender o que não há.",
            ),
        ],
    )


def discounts(view: View) -> Finding | None:
    """Find that the seller gives much discount. Worth: what is given above the target depth."""
    counted = view.rate("discount_depth")
    if counted is None or not counted.surely(HIGH_DISCOUNT_DEPTH) or view.has_few_orders:
        return None
    depth = counted.value
    listed = view.at_full_price(view.usual_revenue)
    deepest = view.products("product_discount_depth")
    skus = list(deepest)[:5]
    evidence = [
        view.evidence("discount_depth", f"Desconto dado por você, sobre o preço cheio: {counted.told('vendas')}")
    ]
    evidence += [
        view.evidence(
            "product_discount_depth",
            f"{view.title_of(sku)}: {percent(deepest[sku]['depth'])} de desconto, "
            f"{view.money(deepest[sku]['discount'])} no período",
            value=deepest[sku]["depth"],
            skus=[sku],
        )
        for sku in skus
    ]
    return found(
        view,
        "discounts",
        title=f"Diminuir o desconto médio de {percent(depth)}",
        what=(
            f"Você abre mão de {percent(depth)} do preço cheio. Tire o desconto permanente dos que vendem sem ele"
            f"{' (comece por ' + listing(skus) + ')' if skus else ''} e deixe-o para datas e para girar estoque. "
            f"Meta: {percent(TARGET_DISCOUNT_DEPTH, 0)}."
        ),
        evidence=evidence,
        gain=(depth - TARGET_DISCOUNT_DEPTH) * listed,
        steps=[
            Step(
                1,
                "Reduzir pela metade o desconto dos mais vendidos",
                f"Testar por duas semanas metade do desconto em {listing(skus) or 'seus mais vendidos'} e comparar "
                "receita e unidades por dia.",
            ),
        ],
    )


#: Orders that are never paid: from this share of all orders on.
HIGH_UNPAID_SHARE: Final = 0.08


def unpaid(view: View) -> Finding | None:
    """Find that many orders are never paid. No worth: the document does not tell who would have paid."""
    counted, orders = view.rate("unpaid_share"), view.value("orders")
    if counted is None or not counted.surely(HIGH_UNPAID_SHARE) or orders is None or view.has_few_orders:
        return None
    share = counted.value
    return found(
        view,
        "unpaid",
        title=f"Recuperar pedidos não pagos ({percent(share)})",
        what=(
            f"{percent(share)} dos pedidos ficaram sem pagamento (foram pagos {number(orders)}). Lembre o comprador "
            "pelo chat do canal no mesmo dia e ofereça parcelamento ou Pix."
        ),
        evidence=[view.evidence("unpaid_share", f"Pedidos não pagos: {counted.told('pedidos')}")],
        priority="low",
        steps=[
            Step(2, "Lembrar quem não pagou", "Configurar a mensagem automática de lembrete de pagamento do canal.")
        ],
    )
