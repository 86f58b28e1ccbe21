"""Of a sale of Hotmart or Kiwify that was refunded whole nothing is left, and that this is assumed is said."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.fees_back import GIVEN_BACK
from gateway.uploads.reading_words import remark_in_english
from schemas.facts import NETS
from tests.unit.gateway.intake.tables import reading, sold

#: Writes a row.
Writer = Callable[[int, str, float, float, float], str]
#: The states of one platform: sold, refunded whole, never paid.
States = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
HOTMART: States = (("Aprovado", "Completo"), ("Reembolsado", "Chargeback"), ("Expirado", "Recusado"))
KIWIFY: States = (("paid",), ("refunded", "chargedback"), ("refused", "waiting_payment"))


def hotmart(number: int, state: str, price: float, fee: float, affiliate: float) -> str:
    left = f"{price - fee - affiliate:.2f};Ana;ana@x.test"
    amounts = f"{price:.2f};{price:.2f};{fee:.2f};{affiliate:.2f};{left}"
    return f"HP{number:06d};{state};{number % 28 + 1:02d}/03/2026 10:00:00;77;Curso {price:.0f};BRL;{amounts}"


def kiwify(number: int, state: str, price: float, fee: float, affiliate: float) -> str:
    amounts = f"{price:.2f};{price - fee - affiliate:.2f};{fee + affiliate:.2f}"
    return f"k{number:05d}x;{state};Curso {price:.0f};Ana;ana@x.test;br;{number % 28 + 1:02d}/03/2026;pix;{amounts}"


HEADS: dict[Writer, str] = {
    hotmart: "Código da transação;Status da transação;Data da transação;Código do produto;Produto;Moeda de compra;"
    "Valor de compra sem impostos;Faturamento bruto (sem impostos);Taxa de processamento;Comissão do(a) Afiliado(a);"
    "Faturamento líquido do(a) Produtor(a);Comprador(a);Email do(a) Comprador(a)",
    kiwify: "ID da venda;Status;Produto;Cliente;Email;País;Data de Criação;Pagamento;Preço base do produto;"
    "Valor líquido;Taxas",
}


@pytest.mark.parametrize(("write", "states"), [(hotmart, HOTMART), (kiwify, KIWIFY)])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_left_is_what_was_planted(write: Writer, states: States, seed: int) -> None:
    draw = Random(f"{write.__name__}-{seed}")
    rows: list[str] = []
    back: list[float] = []
    left, kept_fees, refunds = 0.0, 0.0, 0.0
    for number in range(1, 81):
        fate = draw.choices(range(3), (80, 12, 8))[0]
        price = draw.choice((97.0, 197.0, 497.0))
        fee = round(price * 0.0899 + 2.49, 2)
        affiliate = round(price * 0.3, 2) if draw.random() < 0.4 else 0.0
        rows.append(write(number, draw.choice(states[fate]), price, fee, affiliate).replace(".", ","))
        if fate == 0:
            left, kept_fees = left + price - fee - affiliate, kept_fees + fee + affiliate
        elif fate == 1:
            refunds += price
            back.append(fee + affiliate)
    found = reading("\n".join([HEADS[write], *rows]).replace("@x,test", "@x.test"))
    (own,) = channel_facts(sold(found), None)
    figures = {figure.metric: figure.value for figure in own.figures}

    assert found.report.layout == f"{write.__name__}.sales"
    assert own.currency == "BRL"
    assert {name: figures[name] for name in figures if name in NETS} == {"net_without_freight": pytest.approx(left)}
    assert figures["fees"] == pytest.approx(kept_fees)
    assert figures["refunds"] == pytest.approx(refunds)
    assert "losing_orders" not in figures
    assert own.reconciliation is not None
    assert own.reconciliation.share == 0  # the platform's own net of each sale, as it was before the refund
    (told,) = (one for one in found.report.warnings if "reembolsadas por inteiro" in one)
    amount = f"{sum(back):,.2f}".translate(str.maketrans(",.", ".,"))
    name = write.__name__.capitalize()
    assert told == GIVEN_BACK.format(rows=len(back), amount=amount, platform=name)
    assert f"({sum(back):,.2f} in all) are assumed to have come back, too, as {name}" in remark_in_english(told)


def test_without_a_refund_nothing_is_assumed() -> None:
    rows = [kiwify(n, "paid", 97.0, 11.21, 0.0).replace(".", ",") for n in range(1, 6)]
    found = reading("\n".join([HEADS[kiwify], *rows]))

    assert not any("Supõe-se" in one for one in found.report.warnings)
    assert sold(found)["fees"].sum() == pytest.approx(56.05)


def test_the_fees_of_any_other_channel_stay() -> None:
    rows = "1;Entregue;A;1;100,00;12,00\n2;Reembolsado;B;1;50,00;6,00"
    (own,) = channel_facts(sold(reading(f"Pedido;Status;SKU;Quantidade;Valor total;Comissão\n{rows}")), None)

    assert {f.metric: f.value for f in own.figures}["fees"] == 18
