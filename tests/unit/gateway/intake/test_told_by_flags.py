"""A column that answers whether an order was cancelled counts; so do statuses of German, French and Italian shops."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.flagged_returns import IN_PART
from tests.unit.gateway.intake.tables import reading, sold


def figures(text: str) -> dict[str, float]:
    (own,) = channel_facts(sold(reading(text)), None)
    return {one.metric: round(one.value, 4) for one in own.figures}


def sales(header: str, *answers: str) -> str:
    rows = (f"7{n:03};{13 + n}/03/2026;Mug {n};1;{10 * (n + 1)},00;{one}" for n, one in enumerate(answers))
    return "\n".join([f"Pedido;Data;Produto;Qtd;Total;{header}", *rows])


@pytest.mark.parametrize(
    ("header", "no", "yes"),
    [("Cancelado", "Não", "Sim"), ("is_cancelled", "0", "1"), ("Voided", "FALSE", "TRUE"), ("Anulado", "", "x")],
)
def test_a_column_that_answers_yes_cancels_the_row(header: str, no: str, yes: str) -> None:
    found = figures(sales(header, no, yes, no, no))

    assert (found["revenue"], found["orders"], found["cancellation_rate"]) == (80.0, 3.0, 0.25)


@pytest.mark.parametrize(
    ("header", "no", "yes"),
    [("Devolvido", "Não", "Sim"), ("Refunded?", "0", "1"), ("is_returned", "FALSE", "TRUE"), ("Reembolsado", "", "x")],
)
def test_a_column_that_answers_yes_tells_what_came_back(header: str, no: str, yes: str) -> None:
    found = figures(sales(header, no, yes, no, no))

    assert (found["revenue"], found["returned_units"], found["refunds"]) == (100.0, 1.0, 20.0)
    assert not {"cancellation_rate", "unpaid_share"} & found.keys()
    assert (
        figures(sales(f"{header};Status do pagamento", f"{no};Pago", f"{yes};Pago", f"{no};Pendente"))["unpaid_share"]
        == 0.3333
    )
    assert header in reading(sales(header, no, yes, no, no)).report.columns_used
    assert "refunds" not in figures(sales(header, no, no, no, no))
    assert "refunds" not in figures(sales(header, yes, yes, yes, yes))


@pytest.mark.parametrize("header", ["Devolvido", "devolvido", "foi_devolvido", "Devolvido?"])
def test_a_column_that_answers_in_each_row_makes_them_no_list_of_returns(header: str) -> None:
    """`Devolvido em` is the day of a return, and has the same words."""
    found = figures(sales(header, *["Não"] * 9, "Sim"))
    counted = figures(sales("Devolvidos", *"0010200"))

    assert (found["revenue"], found["orders"], found["returned_units"], found["refunds"]) == (550.0, 10.0, 1.0, 100.0)
    assert (counted["orders"], counted["returned_units"]) == (7.0, 3.0)


def test_days_on_which_each_row_came_back_are_of_returns_alone() -> None:
    rows = [f"{day:02}/03/2026" for day in (11, 14, 17, 17, 20, 23)]

    assert reading(sales("Devolvido em", *rows)).report.kind == "returns"


def test_whether_the_whole_was_refunded_is_asked_where_a_column_answers_it() -> None:
    whole = figures(sales("Refunded?;Fully Refunded?", "0;0", "1;1", "0;0", "0;0"))
    part = reading(sales("Refunded?;Fully Refunded?", "0;0", "1;1", "1;0", "0;0"))

    assert whole["refunds"] == 20.0
    assert sold(part)["refund"].null_count() == 4
    assert IN_PART.format(rows=1, names="Quantidade devolvida, Valor reembolsado") in part.report.warnings
    assert "returned_units" not in figures(sales("Refunded", "0", "20,00", "0", "0"))


@pytest.mark.parametrize("named", ["Partial Refund ($)", "Valor reembolsado parcialmente", "Estorno parcial"])
def test_what_was_refunded_in_part_is_known_where_a_column_of_its_own_has_it(named: str) -> None:
    header = f"Refunded?;Fully Refunded?;{named}"
    found = figures(sales(header, "0;0;0", "1;1;0", "1;0;4,50", "0;0;0"))
    of_others = reading(sales(header, "0;0;0", "1;1;0", "1;0;0", "0;0;0"))

    assert (found["revenue"], found["refunds"], found["returned_units"]) == (100.0, 24.5, 1.0)
    assert named in reading(sales(header, "0;0;0", "1;1;0", "1;0;4,50", "0;0;0")).report.columns_used
    assert IN_PART.format(rows=1, names="Quantidade devolvida, Valor reembolsado") in of_others.report.warnings


def test_a_day_of_the_cancellation_still_cancels_and_a_number_does_not() -> None:
    assert figures(sales("Cancelado em", "", "16/03/2026", "", ""))["revenue"] == 80.0
    numbers = figures(sales("Cancelado", "2", "3", "0", "1"))
    assert (numbers["revenue"], "cancellation_rate" in numbers) == (100.0, False)


@pytest.mark.parametrize(
    ("header", "done", "cancelled", "back"),
    [
        ("Status", "Versendet", "Storniert", "Erstattet"),
        ("Statut", "Expédiée", "Annulée", "Remboursée"),
        ("Stato", "Spedito", "Annullato", "Rimborsato"),
    ],
)
def test_statuses_of_european_shops_are_understood(header: str, done: str, cancelled: str, back: str) -> None:
    found = figures(sales(header, done, cancelled, back, done))

    assert (found["revenue"], found["cancellation_rate"], found["refunds"]) == (80.0, 0.25, 30.0)


def test_an_order_that_is_a_test_is_no_sale() -> None:
    text = sales("test", "false", "true", "false", "false")

    assert figures(text)["revenue"] == 80.0
    assert "1 linha(s) são pedidos de teste (“test”) e não foram contadas." in reading(text).report.warnings
    assert figures(sales("test", "A", "B", "A", "B"))["revenue"] == 100.0


@pytest.mark.parametrize("name", ["Vale-presente usado", "Crédito da loja"])
def test_what_was_paid_with_a_gift_card_is_a_part_of_the_sale(name: str) -> None:
    header = f"Pedido;Data;Produto;SKU;Qtd;Valor;{name};Valor pago"
    rows = ["1;14/03/2026;Vaso;A;1;100,00;30,00;70,00", "2;15/03/2026;Jarro;B;1;50,00;0,00;50,00"]
    rows.append("3;16/03/2026;Vaso;A;2;200,00;200,00;0,00")
    odd = [row.replace(";70,00", ";60,00").replace("200,00;0,00", "200,00;9,00") for row in rows]

    found = reading("\n".join([header, *rows]))
    assert sold(found)["revenue"].to_list() == [100.0, 50.0, 200.0]
    assert any("230,00 ao todo" in one for one in found.report.warnings)
    assert sold(reading("\n".join([header, *odd])))["revenue"].sum() == 119.0


def test_a_day_under_an_english_name_may_be_a_month() -> None:
    text = "Order #;Opened;Subtotal\n1;3/1/2026 12:01 PM;20.00\n2;3/2/2026 1:15 PM;45.50\n3;4/2/2026 7:45 PM;30.00"
    (own,) = channel_facts(sold(reading(text)), None)

    assert not own.period
