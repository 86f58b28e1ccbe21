"""Days that are of no sale, rows that came in or went out, and words that count as well as they sum up."""

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.both_ways import BOTH_WAYS
from gateway.intake.layouts.impossible_days import IMPOSSIBLE
from tests.unit.gateway.intake.tables import fields, reading, sold


def figures(text: str) -> dict[str, float]:
    (own,) = channel_facts(sold(reading(text)), None)
    return {one.metric: one.value for one in own.figures}


def listed(header: str, *rows: str) -> str:
    return "\n".join([header, *rows])


def dated(*days: str) -> str:
    rows = [f"{7000 + n};{day};Vela {n};2;10,50;21,00" for n, day in enumerate(days)]
    return listed("Número do pedido;Data;Produto;Quantidade;Preço unitário;Valor total", *rows)


def test_days_of_no_sale_are_left_out_and_told() -> None:
    read = reading(dated("2026-03-01", "2026-03-05", "1212-03-02", "2323-03-04"))
    warnings = read.report.warnings

    assert any(one.startswith(IMPOSSIBLE.format(rows=2, first=sold(read)["at"][0])[:40]) for one in warnings)
    assert "02/03/1212" in " ".join(warnings)
    found = figures(dated("2026-03-01", "2026-03-05", "1212-03-02", "2323-03-04"))
    assert (found["revenue"], found["period_days"]) == (84, 5)


def test_a_table_of_a_programs_zeros_has_no_days() -> None:
    found = figures(dated(*["1969-12-31"] * 4))

    assert found["revenue"] == 84
    assert "period_days" not in found


@pytest.mark.parametrize(("came", "went"), [("Entrada", "Saída"), ("entrada", "saida"), ("IN", "OUT")])
def test_rows_that_came_in_or_went_out_are_asked_about(came: str, went: str) -> None:
    ways = [came, went, went, came, went]
    rows = [f"{day + 1:02d}/02/2026;{way};Parafuso {day};4;12,00;48,00" for day, way in enumerate(ways)]
    read = reading(listed("Data;Tipo;Produto;Quantidade;Preço unitário;Valor total", *rows))

    assert read.lines is None
    assert read.report.asks
    assert BOTH_WAYS.format(column="Tipo") in read.report.warnings


@pytest.mark.parametrize("ways", ["Saída Saída Saída", "Entrada Entrada Entrada", "Saída Troca Balcão"])
def test_one_way_alone_says_nothing(ways: str) -> None:
    rows = [f"{day + 1:02d}/02/2026;{way};Parafuso {day};4;12,00;48,00" for day, way in enumerate(ways.split())]

    assert figures(listed("Data;Tipo;Produto;Quantidade;Preço unitário;Valor total", *rows))["revenue"] == 144


def test_a_confirmed_sale_makes_a_state_a_status() -> None:
    rows = [f"E-{n};2026-01-0{n + 1};Tinta {n};2;8,00;16,00;Confirmado" for n in range(6)]
    cancelled = "E-9;2026-01-09;Tinta 9;2;8,00;16,00;Cancelado"
    found = figures(listed("PedidoID;Data;Produto;Quantidade;Preço_Unitário;Preço_Total;Estado", *rows, cancelled))

    assert (found["revenue"], found["orders"]) == (96, 6)


def test_small_whole_numbers_of_what_was_sold_are_no_money() -> None:
    rows = [f"{n + 11},Coleira {n},{count}.0" for n, count in enumerate([27, 20, 19, 4, 3, 1])]
    read = reading(listed("id_produto,nome,total_vendido", *rows))

    assert read.lines is None


def test_what_was_sold_is_pieces_where_a_price_makes_the_earnings() -> None:
    rows = [f"2{n}/06/2026;Final {n};{9000 + n};{30 + n};{(9000 + n) * (30 + n)}" for n in range(6)]
    read = reading(listed("Data;Etapa;Total vendido;Valor Unitário;Arrecadação", *rows))

    assert (fields(read)["units"], fields(read)["revenue"]) == ("Total vendido", "Arrecadação")


def test_the_first_and_the_last_purchase_are_no_days_of_sales() -> None:
    rows = [f"Loja A;0{n + 1}/05/2026;1{n}/05/2026;{n + 2};{90 * n + 70},50" for n in range(6)]

    assert "at" not in fields(reading(listed("empresa;primeira_compra;ultima_compra;pedidos;faturamento", *rows)))


def test_a_tax_written_as_a_deduction_is_in_no_total() -> None:
    rows = [f"0{n + 1}/06/2026;SEL-{n};Selante {n};2;50,00;100,00;103,25;-3,25" for n in range(6)]
    header = "Data;Cód.Prod.;Produto;Quant.;Valor Unit.;Total Merc.;Total NF;Vlr.IPI"

    assert not any("contém os impostos" in one for one in reading(listed(header, *rows)).report.warnings)


def test_a_till_that_adds_up_to_nothing_is_no_table_of_costs() -> None:
    rows = [f"DIA {n + 1};{100 + n};{210 + n};{95 + n};0" for n in range(6)]

    assert reading(listed(";DINHEIRO;DÉBITO;CRÉDITO;TOTAL", *rows)).report.kind != "costs"


@pytest.mark.parametrize("name", ["qnt", "Qntde", "QNT."])
def test_a_short_form_counts_pieces(name: str) -> None:
    rows = [f"{810 + n};Fonte {n};{n + 1};12,50" for n in range(5)]
    found = figures(listed(f"id_pedido;descricao_produto;{name};preço unitário", *rows))

    assert (found["units"], found["revenue"]) == (15, 187.5)


def test_the_day_of_a_payment_is_none_of_the_sale_where_that_stands_beside() -> None:
    rows = [f"{9100 + n};1{n}/03/2026;1{n}/0{n + 4}/2026;{70 + n},50" for n in range(5)]
    read = reading(listed("Número do pedido;Data Transação;Data Pagamento;Valor total", *rows))

    assert fields(read)["at"] == "Data Transação"
    alone = [f"{9100 + n};1{n}/03/2026;{70 + n},50" for n in range(5)]
    assert fields(reading(listed("Número do pedido;Data Pagamento;Valor total", *alone)))["at"] == "Data Pagamento"


def test_an_order_whose_amount_is_blank_is_none_of_zero() -> None:
    rows = ["31;2026-04-01;Finalizado;80,00", "32;2026-04-02;Finalizado;40,00", "33;2026-04-03;Finalizado;"]
    cancelled = ["34;2026-04-04;Cancelado;", "35;2026-04-05;Finalizado;60,00", "36;2026-04-06;Finalizado;20,00"]
    found = figures(listed("id_pedido;data_pedido;status;valor_pago", *rows, *cancelled))

    assert (found["revenue"], found["orders"], found["average_ticket"]) == (200, 5, 50)
