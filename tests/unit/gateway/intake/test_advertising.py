"""What advertising cost is told for the months of which a report tells all days with a sale, and for no other."""

from __future__ import annotations

import pytest

from gateway.intake.document import _frames
from gateway.intake.figures import channel_facts
from gateway.intake.settling import settled
from schemas.facts import ChannelFacts
from tests.unit.gateway.intake.tables import cells, raw

SALES = "Pedido;Data;SKU;Quantidade;Valor total (R$);Comissão (R$)\n" + "\n".join(
    f"{n};{day};A;1;100,00;10,00" for n, day in enumerate(["02/03/2026", "30/03/2026", "01/04/2026", "20/04/2026"])
)
HEAD = "Data;Campanha;Impressões;Cliques;Investimento (R$)\n"


def facts(*tables: tuple[str, str], channels: tuple[str, ...] = ("shopee",)) -> tuple[ChannelFacts, list[str]]:
    """Read the sales and these tables (where, text) as one document; return the facts and the notes on the tables."""
    given = [("Vendas", SALES), *tables]
    readings = [settled(raw(cells(text), where), list(channels)) for where, text in given]
    found = channel_facts(_frames(readings, "lines"), None, ads=_frames(readings, "ads"))
    return found[0], [text for reading in readings for text in reading.report.warnings]


def months(*tables: tuple[str, str]) -> list[tuple[str, float | None, float | None]]:
    own, _ = facts(*tables)
    return [(one.month, one.advertising, one.after_ads) for one in own.months]


def days(*rows: str, head: str = HEAD) -> tuple[str, str]:
    return "Anúncios", head + "\n".join(rows)


WHOLE = days("01/03/2026;V;10;1;20,00", "31/03/2026;V;10;1;5,50", "01/04/2026;V;9;1;7,00", "30/04/2026;V;9;1;0,00")


def test_the_months_have_what_advertising_cost_and_what_is_left() -> None:
    own, said = facts(WHOLE)

    assert months(WHOLE) == [("2026-03", 25.5, 154.5), ("2026-04", 7.0, 173.0)]
    assert any("custo de publicidade foi lido" in text for text in said)
    assert not any("publicidade" in text for text in own.warnings)


def test_without_a_report_it_is_unknown() -> None:
    assert months() == [("2026-03", None, None), ("2026-04", None, None)]


@pytest.mark.parametrize(
    ("table", "wanted", "said"),
    [
        pytest.param(
            days("05/03/2026;V;9;1;20,00", "31/03/2026;V;9;1;5,00", "01/04/2026;V;9;1;7,00", "20/04/2026;V;9;1;1,00"),
            [None, 8.0], "todos os dias com vendas de 03/2026", id="begins after the first sale",
        ),
        pytest.param(days("01/04/2026;V;9;1;7,00", "20/04/2026;V;9;1;1,00"), [None, 8.0], "03/2026", id="one month"),
        pytest.param(days("01/03/2026;V;9;1;7,00", ";V;9;1;1,00"), [None, None], "sem data", id="no day"),
        pytest.param(
            days("01/03/2026;V;9;1;7,00", "31/03/2026;V;9;1;2,00", head=HEAD.replace("R$", "US$")),
            [None, None], "outra moeda", id="another currency",
        ),
        pytest.param(
            ("Anúncios", "Mês;Campanha;Impressões;Cliques;Investimento (R$)\nmarço;V;9;1;7,00\nabril;V;9;1;7,00"),
            [None, None], "sem data", id="months without a year",
        ),
    ],
)  # fmt: skip
def test_what_the_report_does_not_tell_is_unknown(
    table: tuple[str, str], wanted: list[float | None], said: str
) -> None:
    assert [one for _, one, _ in months(table)] == wanted
    assert said in " ".join(facts(table)[0].warnings)


def test_a_cost_from_one_day_to_another_is_of_the_month_that_has_both() -> None:
    head = "Campanha;Desde;Até;Impressões;Cliques;Gasto (R$)\n"
    inside = days("V;01/03/2026;31/03/2026;9;1;30,00", "I;01/04/2026;30/04/2026;9;1;12,00", head=head)
    across = days("V;01/03/2026;31/03/2026;9;1;30,00", "I;15/03/2026;30/04/2026;9;1;12,00", head=head)

    assert [one for _, one, _ in months(inside)] == [30.0, 12.0]
    assert [one for _, one, _ in months(across)] == [None, None]


def test_two_reports_of_the_same_sum_are_one_and_others_are_not_added() -> None:
    by_campaign = days(
        "01/03/2026;V;10;1;15,00", "01/03/2026;I;10;1;5,00", "31/03/2026;V;10;1;5,50", "01/04/2026;V;9;1;7,00",
        "30/04/2026;V;9;1;0,00",
    )  # fmt: skip
    other = days("01/03/2026;V;10;1;1,00", "30/04/2026;V;9;1;2,00")

    assert months(WHOLE, by_campaign)[0] == ("2026-03", 25.5, 154.5)
    assert [one for _, one, _ in months(WHOLE, other)] == [None, None]
    assert any("somas diferentes" in text for text in facts(WHOLE, other)[0].warnings)


def test_a_table_that_only_names_its_cost_is_one_of_advertising_where_something_says_so() -> None:
    rows = "01/03/2026;20,00\n31/03/2026;5,50\n01/04/2026;7,00\n30/04/2026;0,00"

    assert months(("Anúncios", f"Data;Investimento (R$)\n{rows}"))[0][1] == 25.5
    assert months(("Planilha1", f"Data;Custo de publicidade (R$)\n{rows}"))[0][1] == 25.5
    assert months(("Planilha1", f"Data;Gasto (R$)\n{rows}"))[0][1] is None


@pytest.mark.parametrize("name", ["Custo por conversão", "Custo por venda", "Custo do clique"])
def test_what_one_thing_costs_is_no_cost_of_the_day(name: str) -> None:
    head = f"Data;Campanha;Impressões;Cliques;{name} (R$)\n"
    rows = [f"{day};V;9;1;2,00" for day in ("01/03/2026", "31/03/2026", "01/04/2026", "30/04/2026")]

    assert [one for _, one, _ in months(days(*rows, head=head))] == [None, None]
    assert [one for _, one, _ in months(days(*rows, head=head.replace(name, "Custo")))] == [4.0, 4.0]


def test_a_cell_that_nobody_understands_leaves_all_of_it_unknown() -> None:
    rows = [f"{n:02d}/03/2026;V;9;1;2,00" for n in range(1, 31)]

    assert months(days(*rows))[0][1] == 60.0
    assert months(days(*rows, "31/03/2026;V;9;1;-"))[0][1] == 60.0
    assert months(days(*rows, "31/03/2026;V;9;1;ver nota"))[0][1] is None


def test_a_report_of_a_channel_is_that_channels_alone() -> None:
    own, _ = facts(("planilha “Anúncios Shopee”", WHOLE[1]), channels=("amazon",))

    assert [one.advertising for one in own.months] == [None, None]
    assert isinstance(own.months[0].net, float)
