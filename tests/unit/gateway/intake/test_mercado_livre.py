"""What real exports of Mercado Livre taught: blanks that mean no, heads without a mark, years left out, own totals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.lines import LINES
from gateway.intake.settling import settled
from gateway.intake.tables import RawTable
from schemas.facts import ChannelFacts, TableRead

HEADER = (
    "N.º de venda", "Data da venda", "Estado", "Descrição do status", "Pacote de diversos produtos", "Unidades",
    "Receita por produtos (BRL)", "Receita por acréscimo no preço (pago pelo comprador)",
    "Taxa de parcelamento equivalente ao acréscimo", "Tarifa de venda e impostos (BRL)", "Receita por envio (BRL)",
    "Tarifas de envio (BRL)", "Cancelamentos e reembolsos (BRL)", "Total (BRL)", "Venda por publicidade", "SKU",
    "# de anúncio", "Título do anúncio", "Preço unitário de venda do anúncio (BRL)", "Data a caminho",
    "Tipo de anúncio",
)  # fmt: skip
_NAMES = (
    "order", "at", "state", "described", "package", "units", "revenue", "added", "taken", "fee", "ship_in", "ship_out",
    "refunded", "total", "advertised", "sku", "listing", "title", "price", "sent",
    "type",
)  # fmt: skip


MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
    "dezembro",
)  # fmt: skip


def sale(order: int, **given: Any) -> list[str | None]:
    usual = {
        "order": order, "at": "12 de janeiro de 2026 10:00 hs.", "state": "Entregue", "package": "Não", "units": 1,
        "revenue": 100, "fee": -10, "total": 90, "sku": "A", "listing": "MLB1", "title": "a", "price": 100,
    } | given  # fmt: skip
    return [None if (value := usual.get(name)) is None else str(value) for name in _NAMES]


def head(order: int, **given: Any) -> list[str | None]:
    """A package's first row as it is written since 2025: only its state shows what it is."""
    nothing = dict.fromkeys(("package", "units", "sku", "listing", "title", "price"))
    return sale(order, **nothing | given)


def member(order: int, **given: Any) -> list[str | None]:
    return sale(order, **{"package": "Sim", "revenue": None, "fee": None, "total": None} | given)


def reading(*rows: list[str | None]) -> tuple[TableRead, pl.DataFrame | None]:
    every: list[list[str | None]] = [list(HEADER), *rows]
    columns = {str(i): [row[i] for row in every] for i in range(len(HEADER))}
    found = settled(RawTable("t", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))), ["mercado_livre"])
    return found.report, found.lines


def lines(*rows: list[str | None]) -> pl.DataFrame:
    _, found = reading(*rows)
    assert found is not None
    assert dict(found.schema) == LINES
    return found


def test_the_type_of_a_listing_is_read_and_a_packages_products_keep_theirs() -> None:
    found = lines(
        sale(1, type="Clássico"), sale(2, type="Premium"), sale(3, type="Grátis"), sale(4),
        head(5, state="Pacote de 2 produtos"), member(6, type="Clássica"), member(7, type="premium"),
    )  # fmt: skip

    assert found["listing_type"].to_list() == ["classic", "premium", None, None, "classic", "premium"]


def facts(*rows: list[str | None]) -> ChannelFacts:
    (found,) = channel_facts(lines(*rows), None)
    return found


def values(own: ChannelFacts) -> dict[str, float]:
    return {figure.metric: figure.value for figure in own.figures}


def test_a_blank_means_no_advertising_where_the_column_says_yes_elsewhere() -> None:
    assert lines(sale(1, advertised="Sim"), sale(2))["advertised"].to_list() == [True, False]
    assert values(facts(sale(1, advertised="Sim", revenue=300), sale(2)))["advertising_share"] == 0.75


def test_without_any_mark_advertising_is_unknown() -> None:
    assert "advertising_share" not in values(facts(sale(1), sale(2)))


def test_a_package_is_known_by_its_head_even_if_nothing_marks_it() -> None:
    found = lines(
        head(7, state="Pacote de 2 produtos", revenue=300, fee=-30, total=270),
        member(8, sku="A", price=100, advertised="Sim"),
        member(9, sku="B", price=100, units=2),
        sale(10, sku="C"),
    )

    assert found["sku"].to_list() == ["A", "B", "C"]
    assert found["order_id"].to_list() == ["7", "7", "10"]
    assert found["revenue"].to_list() == pytest.approx([100, 200, 100])
    assert found["net"].to_list() == pytest.approx([90, 180, 90])
    assert found["advertised"].to_list() == [True, False, False]  # its own mark, not the head's


def test_what_a_package_gave_back_is_of_the_product_that_came_back() -> None:
    returned = "Devolução finalizada com reembolso para o comprador"
    found = lines(
        head(7, state="Pacote de 2 produtos", revenue=200, fee=-20, refunded=-90, total=95),
        member(8, sku="A", state=returned),
        member(9, sku="B"),
    )

    assert found["refund"].to_list() == pytest.approx([90, 0])
    assert found["net"].to_list() == pytest.approx([2.5, 92.5])  # 5 are in no column: shared by both
    assert found["net"].sum() == pytest.approx(95)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 99_999),
            st.integers(0, 9_999),
            st.lists(st.tuples(st.integers(1, 4), st.integers(1, 50_000), st.booleans()), min_size=0, max_size=4),
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=40, deadline=None)
def test_opening_packages_changes_no_sum(orders: list[tuple[int, int, list[tuple[int, int, bool]]]]) -> None:
    plain = 3  # sales that stay: with returns alone the table would be no export of sales
    rows = [sale(900 + n) for n in range(plain)]
    for number, (revenue, fee, members) in enumerate(orders):
        amounts = {"revenue": revenue / 100, "fee": -fee / 100, "refunded": -1, "total": (revenue - fee) / 100}
        if not members:
            rows.append(sale(number * 10, **amounts))
            continue
        rows.append(head(number * 10, state=f"Pacote de {len(members)} produtos", **amounts))
        rows += [
            member(number * 10 + n, units=units, price=price / 100, state="Devolvido" if back else "Entregue")
            for n, (units, price, back) in enumerate(members, start=1)
        ]
    found = lines(*rows)

    assert found.height == plain + sum(max(1, len(members)) for _, _, members in orders)
    assert found["order_id"].n_unique() == plain + len(orders)
    assert found["revenue"].sum() == pytest.approx(plain * 100 + sum(revenue for revenue, _, _ in orders) / 100)
    assert found["fees"].sum() == pytest.approx(plain * 10 + sum(fee for _, fee, _ in orders) / 100)
    assert found["refund"].sum() == pytest.approx(len(orders))
    assert found["net"].sum() == pytest.approx(plain * 90 + sum(revenue - fee for revenue, fee, _ in orders) / 100)


@pytest.mark.parametrize(
    "described",
    ["Cancelamos a devolução e te demos o dinheiro.", "Caso o comprador cancele, avisaremos.", "Cancelada em parte."],
)
def test_the_description_does_not_cancel_a_sale(described: str) -> None:
    assert lines(sale(1, state="Venda entregue", described=described))["status"].to_list() == ["sold"]


def test_the_description_tells_where_there_is_no_state() -> None:
    assert lines(sale(1, state=None, described="Cancelada pelo comprador"))["status"].to_list() == ["cancelled"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("Cancelada pelo comprador", "cancelled"),
        ("Devolução finalizada com reembolso para o comprador", "returned"),
        ("Devolvido no dia 6 de janeiro", "returned"),
        ("Devolução a caminho", "returned"),
        ("Devolução finalizada. Te demos o dinheiro dessa venda.", "returned"),
        ("Troca entregue.", "returned"),
        ("Mediação finalizada com reembolso para o comprador", "returned"),
        ("Mediação finalizada. Te demos o dinheiro.", "sold"),
        ("Liberamos o dinheiro da venda para você e reembolsamos o comprador", "sold"),
        ("Enviamos de volta ao comprador o produto que ele devolveu", "sold"),
        ("Devolução finalizada. Devolvemos o produto ao comprador", "sold"),
        ("A devolução não foi feita. Nós te devolvemos o dinheiro.", "sold"),
        ("Venda com solicitação de alteração", "sold"),
    ],
)
def test_states(state: str, expected: str) -> None:
    assert lines(sale(1, state=state))["status"].to_list() == [expected]


def test_what_the_marketplace_takes_back_of_an_instalment_is_no_revenue() -> None:
    found = facts(sale(1, added=5, taken=-5), sale(2, added=5, taken=-3, total=92))

    assert values(found)["revenue"] == 202
    assert found.reconciliation is not None
    assert found.reconciliation.difference == 0


def test_shipping_that_buyers_paid_and_nobody_charged_is_an_income() -> None:
    found = facts(sale(1, ship_in=11, total=101), sale(2, ship_in=9, ship_out=-12, total=87), sale(3))

    assert values(found)["shipping_income"] == 8
    assert "shipping_cost" not in values(found)
    assert "shipping_share" not in values(found)
    assert found.months[0].shipping == -8
    assert values(found)["net_receipts"] == 278


def test_a_dispatch_without_a_year_is_in_the_sales_year_or_the_next() -> None:
    december = "30 de dezembro de 2025 10:00 hs."
    found = lines(
        sale(1, sent="13 de janeiro | 10:00"),
        sale(2, at=december, sent="2 de janeiro | 10:00"),
        sale(3, at=december, sent="31 de dezembro | 10:00"),
        sale(4, at="10 de fevereiro de 2024 00:00 hs.", sent="29 de fevereiro | 00:00"),
        sale(5, sent="Amanhã"),
        sale(6, sent="14 de janeiro de 2026 10:00 hs."),
    )

    assert found["ship_days"].to_list() == [1, 3, 1, 19, None, 2]


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0)),  # noqa: DTZ001
    st.integers(0, 180 * 24 * 60),
)
@settings(max_examples=40, deadline=None)
def test_any_dispatch_within_half_a_year_of_the_sale_gets_its_year_back(at: datetime, minutes: int) -> None:
    sent = pl.Series([at]).dt.offset_by(f"{minutes}m")[0]
    sold = f"{at.day} de {MONTHS[at.month - 1]} de {at.year} {at:%H:%M} hs."
    found = lines(sale(1, at=sold, sent=f"{sent.day} de {MONTHS[sent.month - 1]} | {sent:%H:%M}"))

    assert found["ship_days"].to_list() == pytest.approx([minutes / 1440])


def test_the_marketplaces_own_net_is_what_is_left_and_its_gap_is_told() -> None:
    found = facts(sale(1, total=95), sale(2, total=90), sale(3, state="Cancelada pelo comprador", total=0))

    assert values(found)["net_receipts"] == 185
    check = found.reconciliation
    assert check is not None
    assert (check.column, check.theirs, check.ours, check.difference, check.rows) == ("Total (BRL)", 185, 180, -5, 2)
    assert [(cause.order, cause.row, cause.theirs, cause.ours) for cause in check.causes] == [("1", 2, 95, 90)]
    (warning,) = found.warnings
    assert "“Total (BRL)” soma R$ 185,00" in warning
    assert "R$ 5,00 (2,7%)" in warning
    assert warning.endswith("maiores diferenças: 2.")


def test_a_difference_of_a_package_is_told_with_the_row_that_its_total_stands_in() -> None:
    own = facts(
        sale(1),
        head(7, state="Pacote de 2 produtos", revenue=300, fee=-30, total=250),
        member(8, sku="A", units=1, price=100),
        member(9, sku="B", units=2, price=100),
    )

    assert own.reconciliation is not None
    assert [(one.order, one.row, one.theirs, one.ours) for one in own.reconciliation.causes] == [("7", 3, 250, 270)]
    assert any(warning.endswith("maiores diferenças: 3.") for warning in own.warnings)


def test_an_export_of_returns_alone_gives_no_sales() -> None:
    states = ("Devolução a caminho", "Mediação finalizada. Te demos o dinheiro.", "Cancelada")
    report, found = reading(*(sale(n, state=states[n % 3]) for n in range(30)), sale(99))

    assert found is None
    assert report.kind == "returns"
    assert report.warnings[0].startswith("só há devoluções, cancelamentos e reclamações (31 linhas)")


def test_sales_with_many_returns_stay_sales() -> None:
    report, found = reading(*(sale(n, state="Devolvido" if n % 2 else "Entregue") for n in range(30)))

    assert report.kind == "sales"
    assert found is not None


def test_the_layout_names_its_currency() -> None:
    found = facts(sale(1))

    assert (found.currency, found.currency_source, found.warnings) == ("BRL", "read", [])


def test_the_number_of_a_listing_is_no_name_of_a_product() -> None:
    """It is read, and a person who corrects the columns sees the title where the name stands."""
    fields = {column.header: (column.field, column.by) for column in reading(sale(1))[0].columns}

    assert fields["# de anúncio"] == ("", "layout")
    assert fields["Título do anúncio"] == ("title", "layout")
