"""Of a refunded sale of digital goods nothing is left: as the table tells it, else by assumption, which is said."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.fees_back import GIVEN_BACK, TOLD_BACK
from gateway.uploads.reading_words import remark_in_english
from schemas.facts import NETS
from tests.unit.gateway.intake.tables import reading, sold

#: Writes a row.
Writer = Callable[[int, str, float, float, float], str]
#: The states of one platform: sold, refunded whole, never paid.
States = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
HOTMART: States = (("Aprovado", "Completo"), ("Reembolsado", "Chargeback"), ("Expirado", "Recusado"))
KIWIFY: States = (("paid",), ("refunded", "chargedback"), ("refused", "waiting_payment"))
EDUZZ: States = (("Paga",), ("Reembolsada",), ("Cancelada", "Expirada", "Aguardando Pagamento", "Duplicada", "Aberta"))


def hotmart(number: int, state: str, price: float, fee: float, affiliate: float) -> str:
    left = f"{price - fee - affiliate:.2f};Ana;ana@x.test"
    amounts = f"{price:.2f};{price:.2f};{fee:.2f};{affiliate:.2f};{left}"
    return f"HP{number:06d};{state};{number % 28 + 1:02d}/03/2026 10:00:00;77;Curso {price:.0f};BRL;{amounts}"


def kiwify(number: int, state: str, price: float, fee: float, affiliate: float) -> str:
    amounts = f"{price:.2f};{price - fee - affiliate:.2f};{fee + affiliate:.2f}"
    return f"k{number:05d}x;{state};Curso {price:.0f};Ana;ana@x.test;br;{number % 28 + 1:02d}/03/2026;pix;{amounts}"


def eduzz(number: int, state: str, price: float, fee: float, affiliate: float) -> str:
    """Return a row as `of_eduzz`, with what was left before the refund."""
    return of_eduzz(number, state, price, fee + affiliate, price - fee - affiliate)


def of_eduzz(number: int, state: str, price: float, fee: float, left: float) -> str:
    day = f"{number % 28 + 1:02d}/03/2026"
    back = price if state == "Reembolsada" else 0.0
    amounts = f"{price:.2f};{price:.2f};{price:.2f};{back:.2f};{fee:.2f};0.00;0.00;{left:.2f}"
    return f"{90_000 + number};{state};Pix;BRL;{day};{day};77;Curso {price:.0f};1;{amounts};Ana;ana@x.test"


HEADS: dict[Writer, str] = {
    eduzz: "Fatura;Status;Método de Pagamento;Moeda;Data de Criação;Data de Pagamento;ID do Produto;Produto;Quantidade;"
    "Valor Inicial da Venda;Valor Total da Venda;Valor Total do Item;Valor Reembolsado;Taxa Eduzz;Taxa Alumy;Outros;"
    "Ganho Liquido;Cliente / Nome;Cliente / E-mail",
    hotmart: "Código da transação;Status da transação;Data da transação;Código do produto;Produto;Moeda de compra;"
    "Valor de compra sem impostos;Faturamento bruto (sem impostos);Taxa de processamento;Comissão do(a) Afiliado(a);"
    "Faturamento líquido do(a) Produtor(a);Comprador(a);Email do(a) Comprador(a)",
    kiwify: "ID da venda;Status;Produto;Cliente;Email;País;Data de Criação;Pagamento;Preço base do produto;"
    "Valor líquido;Taxas",
}


@pytest.mark.parametrize(("write", "states"), [(hotmart, HOTMART), (kiwify, KIWIFY), (eduzz, EDUZZ)])
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
    assert [figures[name] for name in figures if name in NETS] == [pytest.approx(left)]
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


#: What is left of a refunded sale by the table's own total: of this price and fee.
LEFT_OF_BACK: dict[str, Callable[[float, float], float]] = {
    "before": lambda price, fee: price - fee,
    "nothing": lambda _price, _fee: 0.0,
    "the fee is gone": lambda _price, fee: -fee,
}


@pytest.mark.parametrize("left", LEFT_OF_BACK)
@pytest.mark.parametrize("platform", ["Eduzz", "Monetizze"])
def test_what_the_table_says_is_left_of_refunded_sales_stands_above_what_is_assumed(platform: str, left: str) -> None:
    rows, kept, back = [], 0.0, 0.0
    for number in range(1, 41):
        price = (97.0, 197.0, 497.0)[number % 3]
        fee = round(price * 0.0899 + 2.49, 2)
        is_back = number % 10 == 0
        kept, back = (kept, back + fee) if is_back else (kept + fee, back)
        of = LEFT_OF_BACK[left](price, fee) if is_back else price - fee
        rows.append(of_eduzz(number, "Reembolsada" if is_back else "Paga", price, fee, of).replace(".", ","))
    text = "\n".join([HEADS[eduzz].replace("Eduzz", platform), *rows]).replace("@x,test", "@x.test")
    found = reading(text)
    (own,) = channel_facts(sold(found), None)
    fees = {figure.metric: figure.value for figure in own.figures}["fees"]

    gone = left == "the fee is gone" or (left == "before" and platform != "Eduzz")
    assert fees == pytest.approx(kept + back if gone else kept)
    told = [one for one in found.report.warnings if "reembolsadas por inteiro" in one]
    amount = f"{back:,.2f}".translate(str.maketrans(",.", ".,"))
    if left == "nothing":
        assert told == [TOLD_BACK.format(column="Ganho Liquido", rows=4, amount=amount)]
        assert remark_in_english(told[0]).endswith("came back, too, and were not counted.")
        assert own.reconciliation is not None
        assert own.reconciliation.share == 0
    else:
        assert len(told) == (left == "before" and platform == "Eduzz")
