"""Rules about single products: returns, losses, best sellers that stopped selling."""

from __future__ import annotations

from typing import Any, Final

from streams.analysis.rules.finding import Finding, Step, by_gain, found
from streams.analysis.rules.formats import agree, listing, number, percent, plural
from streams.analysis.rules.rate import Rate, rate_of, wilson
from streams.analysis.rules.silence import sold_on, stopped
from streams.analysis.rules.view import Products, View

#: A product is returned too often from this rate on ...
HIGH_RETURN_RATE: Final = 0.08
#: ... if it is also this many times the channel's rate.
TIMES_CHANNEL_RATE: Final = 2.0
#: What is normal where a channel's own rate is worse: returns above it are what a fix is worth.
NORMAL_RETURN_RATE: Final = 0.03


def returns(view: View) -> Finding | None:
    """Find products returned far more often than the channel's others. Worth: the refunds above a normal rate."""
    usual, limit = view.rate("return_rate"), return_limit(view)
    if usual is None or limit is None:
        return None
    worst = {s: p for s, p in view.products("product_return_rate").items() if product_rate(p).surely(limit)}
    if not worst:
        return None
    normal = min(usual.value, NORMAL_RETURN_RATE)
    excess = sum(max(0.0, p["returned_units"] - normal * p["units"]) * _cost_of_a_return(p) for p in worst.values())
    skus = list(worst)
    first = worst[skus[0]]
    evidence = [
        view.evidence(
            "product_return_rate",
            f"{view.title_of(sku)}: {number(p['returned_units'])} devolvidas, {product_rate(p).told('unidades')}",
            value=p["return_rate"],
            skus=[sku],
        )
        for sku, p in list(worst.items())[:5]
    ]
    evidence.append(view.evidence("return_rate", f"Taxa de devolução do canal: {usual.told('unidades')}", skus=[]))
    return found(
        view,
        "returns",
        title=f"Reduzir as devoluções de {listing(skus)}",
        what=(
            f"{listing(skus)} {agree(skus, 'volta', 'voltam')} muito mais que os outros produtos do canal "
            f"({percent(first['return_rate'])} contra {percent(usual.value)}). Leia os motivos de devolução, corrija "
            "medidas, fotos e descrição do anúncio, confira a embalagem e o lote; se for defeito, pause o anúncio."
        ),
        evidence=evidence,
        gain=view.share_of_document(excess),
        steps=[
            Step(
                1,
                f"Corrigir o anúncio de {listing(skus)}",
                "Ler os motivos de devolução dos últimos 60 dias e corrigir no anúncio o que eles apontam: "
                "medidas, cor, compatibilidade, fotos. Pausar o anúncio se o motivo for defeito.",
            ),
            Step(
                2,
                f"Rever embalagem e fornecedor de {listing(skus)}",
                "Conferir uma amostra do estoque, reforçar a embalagem e negociar com o fornecedor as peças com "
                f"defeito. Meta: no máximo {percent(NORMAL_RETURN_RATE, 0)} de devolução.",
            ),
        ],
    )


def return_limit(view: View) -> float | None:
    """Return the rate from which a product comes back too often on this channel."""
    usual = view.value("return_rate")
    return None if usual is None else max(HIGH_RETURN_RATE, usual * TIMES_CHANNEL_RATE)


def product_rate(product: dict[str, Any]) -> Rate:
    """Return a product's return rate with its interval."""
    counted = {"successes": product["returned_units"], "trials": product["units"]}
    return rate_of(float(product["return_rate"]), counted)


def _cost_of_a_return(product: dict[str, Any]) -> float:
    """Return the cost of one returned unit: its part of the refunds, or its price where these are unknown.

    What the marketplace paid for costs the seller nothing, though it came back.
    """
    if (refund := product.get("refund")) is not None and product["returned_units"] > 0:
        return max(0.0, float(refund)) / float(product["returned_units"])
    return float(product.get("unit_price") or 0.0)


def losses(view: View) -> Finding | None:
    """Find products that bring in less than fees, shipping and refunds take. Worth: what they lose.

    Of few units one refund makes a loss: where only refunds do, as few of them as chance allows have to.
    """
    figure, losing = view.figure("product_losses"), sure_losses(view)
    if figure is None or not losing:
        return None
    skus = list(losing)
    doubtful = [p for sku, p in view.products("product_losses").items() if sku not in losing]
    count = int(figure.detail.get("products", len(skus) + len(doubtful))) - len(doubtful)
    evidence = [
        view.evidence(
            "product_losses",
            f"{view.title_of(sku)}: {plural(p['units'], 'unidade', 'unidades')}, receita {view.money(p['revenue'])}, "
            f"sobra {view.money(p['net'])} depois de tarifas, frete e reembolsos",
            value=round(-p["net"], 2),
            skus=[sku],
        )
        for sku, p in list(losing.items())[:5]
    ]
    first = losing[skus[0]]
    units = first["units"] or 1.0
    cost = (first.get("fees", 0.0) + first.get("shipping", 0.0) + first.get("refund", 0.0)) / units
    gain = view.share_of_document(figure.value + sum(p["net"] for p in doubtful))
    return found(
        view,
        "losses",
        title=f"Parar de perder dinheiro em {plural(count, 'produto', 'produtos')}",
        what=(
            f"{listing(skus)} {agree(skus, 'custa', 'custam')}"
            f" mais do que {agree(skus, 'traz', 'trazem')}, mesmo antes do custo de compra. Em {skus[0]}, cada unidade "
            f"traz {view.money(first['revenue'] / units)} e leva {view.money(cost)} em tarifas, frete e reembolsos. "
            "Suba o preço, venda em kit, troque a modalidade de envio ou tire o produto do canal."
        ),
        evidence=evidence,
        gain=gain,
        priority="high" if by_gain(view, gain) == "high" else "normal",
        steps=[
            Step(
                1,
                f"Corrigir preço ou pausar {listing(skus)}",
                f"Recalcular o preço com tarifa, frete e reembolso (em {skus[0]}, mais de {view.money(cost)} por "
                "unidade) e somar o custo de compra; o que não fechar, vender em kit ou pausar.",
            ),
            Step(
                2,
                "Definir o preço mínimo por produto",
                "Montar uma planilha de preço mínimo por canal (custo, tarifa, frete, imposto, margem) e conferir "
                "todos os produtos com ela antes de cada promoção.",
            ),
        ],
    )


def sure_losses(view: View) -> Products:
    """Return the products that lose, also with as few refunds as chance allows for their units."""
    return {sku: p for sku, p in view.products("product_losses").items() if at_best("net", p) < 0}


def at_best(left: str, product: dict[str, Any]) -> float:
    """Return the product's value `left` where its refunds are the least share of revenue that its units allow."""
    refund, revenue, units = product.get("refund") or 0.0, product["revenue"], product["units"]
    if refund <= 0 or not revenue or not units:
        return float(product[left])
    least, _ = wilson(refund / revenue * units, units)
    return float(product[left] + refund - min(refund, least * revenue))


def stock_out(view: View) -> Finding | None:
    """Find best sellers without a sale for unusually long. Worth: a month of what they sold, less costs."""
    everywhere = view.products("stopped_everywhere")
    silent = {sku: p for sku, p in stopped(view, "days_without_sales").items() if sku not in everywhere}
    if not silent:
        return None
    skus = list(silent)
    daily = sum(p["daily_revenue"] for p in silent.values())
    evidence = [
        view.evidence(
            "days_without_sales",
            f"{view.title_of(sku)}: {number(p['silent_days'])} dias sem vender; antes vendia "
            f"{view.money(p['daily_revenue'])} por dia{sold_on(p)}",
            value=p["silent_days"],
            skus=[sku],
        )
        for sku, p in list(silent.items())[:5]
    ]
    return found(
        view,
        "stock-out",
        title=f"Voltar a vender {listing(skus)}",
        what=(
            f"{listing(skus)} {agree(skus, 'estava', 'estavam')}"
            f" entre os mais vendidos e {agree(skus, 'parou', 'pararam')} de vender, o que indica falta de estoque ou "
            "anúncio pausado. Confira estoque e situação do anúncio e reponha; cada dia parado também derruba a "
            "posição na busca."
        ),
        evidence=evidence,
        gain=view.share_of_days(daily) * view.kept_share,
        priority="high",
        steps=[
            Step(
                1,
                f"Repor e reativar {listing(skus)}",
                "Conferir hoje o estoque e a situação do anúncio (pausado, em revisão, sem estoque), repor e reativar.",
            ),
            Step(
                2,
                "Criar alerta de estoque mínimo",
                "Definir o estoque mínimo dos mais vendidos pelas vendas por dia e pelo prazo do fornecedor.",
            ),
        ],
    )
