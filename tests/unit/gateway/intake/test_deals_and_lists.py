"""Lost deals, orders that are not invoiced, lists of the best and the worst, and reservations are no sales."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts import Reading
from gateway.intake.layouts.funnel import UNWON
from gateway.intake.layouts.only_ordered import ORDERED
from gateway.intake.layouts.ranked import FIRST_FEW, RANKED
from gateway.intake.layouts.receivables import OWED
from gateway.intake.layouts.reservations import RESERVED
from tests.unit.gateway.intake.tables import reading, sold


def _figures(found: Reading) -> dict[str, float]:
    (own,) = channel_facts(sold(found), None)
    return {figure.metric: figure.value for figure in own.figures}


def _deals(states: list[str], header: str = "Situação") -> Reading:
    rows = [f"{n};0{n}/03/2026;Mesa;1;100,00;{state}" for n, state in enumerate(states, 1)]
    return reading("\n".join([f"Pedido;Data da venda;Produto;Quantidade;Valor total;{header}", *rows]))


@pytest.mark.parametrize(
    ("states", "header", "told"),
    [
        (["Ganho", "Perdido", "Ganho", "Negociação"], "Situação", "“Perdido”; “Negociação”"),
        (["Won", "Lost", "Won", "Prospecting"], "Deal Stage", "“Lost”; “Prospecting”"),
        (["Convertido", "No convertido", "Convertido", "En proceso"], "Estado", "“No convertido”; “En proceso”"),
        (["Closed Won", "Closed Lost", "Closed Won", "Proposal sent"], "Stage", "“Closed Lost”; “Proposal sent”"),
        (["Fechada", "Perdida", "Fechada", "Orçamento enviado"], "Status", "“Perdida”; “Orçamento enviado”"),
        (["Faturado", "PERDEU", "Ganhou", "Não enviado"], "Status", "“PERDEU”; “Não enviado”"),
        (["6 - Ganho(a)", "7 - Perdido(a)", "Faturado", "5.1 - Crédito em análise"], "Etapa", None),
    ],
)
def test_a_deal_that_is_lost_or_open_is_no_sale(states: list[str], header: str, told: str | None) -> None:
    found = _deals(states, header)
    figures = _figures(found)

    assert (figures["revenue"], figures["orders"], figures["units"]) == (200, 2, 2)
    told = told or "; ".join(f"“{state}”" for state in (states[1], states[3]))
    assert UNWON.format(rows=2, column=header, texts=told, amount="200,00") in found.report.warnings
    assert not any("situação que não é conhecida" in one for one in found.report.warnings)


def test_a_deal_without_a_stage_and_an_amount_is_no_sale() -> None:
    rows = [
        "1;01/03/2026;Mesa;1;100,00;Ganho",
        "2;02/03/2026;Mesa;1;;Perdido",
        "3;03/03/2026;Mesa;5;;",
        "4;04/03/2026;Mesa;1;70,00;",
    ]
    found = reading("\n".join(["Pedido;Data da venda;Produto;Quantidade;Valor total;Situação", *rows]))
    figures = _figures(found)

    assert (figures["revenue"], figures["units"]) == (170, 2)


def test_notes_of_all_kinds_of_which_two_are_of_deals_are_no_stages() -> None:
    notes = ["Ganho", "Perdido", *["Cliente antigo", "Retira na loja"] * 6]
    rows = [f"{n};01/03/2026;Mesa;1;100,00;{note}" for n, note in enumerate(notes, 1)]

    assert sold(reading("\n".join(["Pedido;Data;Produto;Quantidade;Valor total;Observação", *rows]))).height == 13


def test_a_stage_alone_without_amounts_drops_the_lost_ones() -> None:
    rows = [f"{n};0{n}/03/2026;Mesa;{n};50,00;{state}" for n, state in enumerate(["Ganho", "Perdido", "Ganho"], 1)]
    found = reading("\n".join(["Pedido;Data da venda;Produto;Quantidade;Preço unitário;Situação", *rows]))

    assert _figures(found)["units"] == 4


@pytest.mark.parametrize(
    "states",
    [
        ["Entregue", "Perdido", "Entregue", "Enviado"],
        ["Entregue", "Perdido", "Entregue", "Entregue"],
        ["Pago", "Perdido", "Pago", "Não enviado"],
        ["Approved", "Declined", "Approved", "Approved"],
    ],
)
def test_a_parcel_that_is_lost_is_no_lost_deal(states: list[str]) -> None:
    found = _deals(states)

    assert sold(found).height == 4
    assert not any("negócios" in told for told in found.report.warnings)


def test_a_parcel_that_is_lost_came_back() -> None:
    assert sold(_deals(["Coletado", "Perdido", "Em rota", "Coletado"]))["status"].to_list().count("returned") == 1


def test_what_a_column_of_delivery_calls_lost_is_no_lost_deal() -> None:
    assert sold(_deals(["No prazo", "Perdido", "Atrasado", "No prazo"], "Status da entrega")).height == 4


def test_a_dispute_that_is_lost_is_no_lost_deal() -> None:
    assert sold(_deals(["Won", "Lost", "Won", "Open"], "Dispute status")).height == 4


def test_states_without_a_deal_stay() -> None:
    assert sold(_deals(["Novo", "Aberto", "Pago", "Pago"])).height == 4


def _moves(kinds: list[str], amount: str = "100,00") -> Reading:
    rows = [f"{n};0{n}/03/2026;Mesa;1;{amount};{kind}" for n, kind in enumerate(kinds, 1)]
    return reading("\n".join(["Número da nota;Data;Produto;Quantidade;Valor total;Tipo de movimento", *rows]))


def test_orders_beside_sales_are_not_sold_yet() -> None:
    found = _moves(["VENDA", "PEDIDO", "VENDA", "PEDIDO", "VENDA"])
    figures = _figures(found)

    assert (figures["revenue"], figures["orders"], figures["units"]) == (300, 3, 3)
    assert ORDERED.format(rows=2, column="Tipo de movimento", amount="200,00") in found.report.warnings


@pytest.mark.parametrize("kinds", [["PEDIDO"] * 4, ["PEDIDO", "Venda balcão", "PEDIDO", "PEDIDO"]])
def test_orders_alone_are_sales(kinds: list[str]) -> None:
    assert _figures(_moves(kinds))["revenue"] == 400


def test_a_list_of_the_best_and_the_worst_has_no_figures() -> None:
    rows = [
        f"{month};Mesa {n};{100 * n},00;{kind} vendidos" for month in (1, 2) for n, kind in ((9, "Mais"), (1, "Menos"))
    ]
    found = reading("\n".join(["Mês;Produto;Valor vendido (R$);Tipo", *rows]))

    assert found.lines is None
    assert found.report.asks
    assert RANKED.format(column="Tipo", first="Mais vendidos", last="Menos vendidos") in found.report.warnings


@pytest.mark.parametrize("title", ["Top 10 produtos", "Os 5 itens mais vendidos", "top5_lojas"])
def test_the_first_few_are_not_all_sales(title: str) -> None:
    rows = [f"{n};Mesa {n};{9 - n};{100 * (9 - n)},00" for n in range(1, 6)]
    text = "\n".join(["Posição;Produto;Quantidade;Faturamento", *rows])
    above, sheet = reading(f"{title}\n{text}"), reading(text, where=f"planilha “{title}”")

    assert (above.lines, sheet.lines, sheet.report.asks) == (None, None, True)
    assert FIRST_FEW.format(name=title) in above.report.warnings


def test_a_sentence_that_speaks_of_the_first_few_says_nothing_of_the_table() -> None:
    rows = [f"Mesa {n};{9 - n};{100 * (9 - n)},00" for n in range(1, 6)]
    said = "A planilha abaixo tem todas as vendas, e o top 10 está na outra aba"
    found = reading("\n".join([said, "Produto;Quantidade vendida;Faturamento", *rows]))

    assert sold(found)["revenue"].sum() == 3000


def test_numbered_orders_below_such_a_title_are_sales() -> None:
    rows = [f"{n};0{n}/03/2026;Mesa;1;100,00" for n in range(1, 5)]
    found = reading("\n".join(["Top 10 clientes", "Pedido;Data;Produto;Quantidade;Valor total", *rows]))

    assert _figures(found)["revenue"] == 400


@pytest.mark.parametrize("kinds", [("Top", "Bottom"), ("Mais vendidos", "Mais vendidos"), ("Melhores", "Outros")])
def test_other_kinds_are_those_of_goods(kinds: tuple[str, str]) -> None:
    rows = [f"{n};0{n}/03/2026;Blusa {n};1;100,00;{kinds[n % 2]}" for n in range(1, 5)]
    found = reading("\n".join(["Pedido;Data;Produto;Quantidade;Valor total;Tipo", *rows]))

    assert _figures(found)["revenue"] == 400


@pytest.mark.parametrize(
    "header",
    [
        "Reserva;Data da venda;Situação;Empreendimento;Bloco;Unidade;Valor total",
        "Booking;Order date;Status;Room type;Check-in;Check-out date;Total amount",
        "Reserva;Fecha de venta;Estado;Habitación;Noches;Huéspedes;Importe total",
    ],
)
def test_reservations_are_asked_about(header: str) -> None:
    rows = [f"{n};0{n}/03/2026;Pago;A{n};2;10{n};1000,00" for n in range(1, 7)]
    found = reading("\n".join([header, *rows]))

    assert found.lines is None
    assert RESERVED in found.report.warnings


@pytest.mark.parametrize(("late", "left"), [("dias_vencidos", "saldo"), ("Days Overdue", "Balance Due")])
def test_what_customers_still_owe_is_asked_about(late: str, left: str) -> None:
    rows = [f"F{n};0{n}/03/2026;10{n},00;{'Parcial' if n % 3 else 'Pago'};5{n},00;{30 + n}" for n in range(1, 8)]
    found = reading("\n".join([f"Factura;Fecha;Monto factura;Estado;{left};{late}", *rows]))

    assert (found.lines, found.report.asks) == (None, True)
    assert OWED in found.report.warnings


def test_a_balance_alone_keeps_no_sales_from_being_read() -> None:
    rows = [f"F{n};0{n}/03/2026;10{n},00;5{n},00" for n in range(1, 8)]

    assert reading("\n".join(["Factura;Fecha;Monto factura;Saldo", *rows])).lines is not None
