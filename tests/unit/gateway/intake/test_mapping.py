"""What a person says of columns stands above every guess, and is refused where it makes no sense."""

import asyncio
from pathlib import Path

import pytest

from gateway.intake import ANY_TABLE, Refused, choosable_fields, read_document
from gateway.intake.document import read
from gateway.intake.fields import CHOICES
from gateway.intake.limits import Limits
from tests.unit.gateway.intake.tables import reading, sold

UNSURE = "Data;Produto;Qtd;Valor\n01/03/2026;Camisa;2;50,00\n02/03/2026;Meia;1;30,00"
UNNAMED = "quando;o que;quantos;quanto\n12/03/2026;Camisa;2;100,00\n13/03/2026;Calça;1;80,00"


def test_a_person_decides_what_was_not_sure() -> None:
    header = reading(UNSURE).report.header_id
    as_total = reading(UNSURE, mappings={header: {"Valor": "revenue"}})
    as_price = reading(UNSURE, mappings={header: {"Valor": "price"}})

    assert sold(as_total)["revenue"].to_list() == [50, 30]
    assert sold(as_price)["revenue"].to_list() == [100, 30]
    column = next(column for column in as_total.report.columns if column.header == "Valor")
    assert (column.field, column.confidence, column.by) == ("revenue", 1.0, "person")


def test_unknown_names_are_mapped_as_they_are_shown() -> None:
    first = reading(UNNAMED)
    shown = [column.header for column in first.report.columns]
    mapping = dict(zip(shown, ("at", "title", "units", "revenue"), strict=True))
    lines = sold(reading(UNNAMED, mappings={first.report.header_id: mapping}))

    assert lines["title"].to_list() == ["Camisa", "Calça"]
    assert (lines["units"].sum(), lines["revenue"].sum()) == (3, 180)


def test_a_mapping_wins_over_names_and_over_a_known_export() -> None:
    plain = "Pedido;SKU;Valor total;Receita real\n1;A;10,00;7,00\n2;B;20,00;9,00"
    own = "Order ID;Date;Status;Qty;Amount;ASIN;Net\n1;04-05-22;Shipped;1;10.00;B0;8.00"
    by_person = reading(plain, mappings={reading(plain).report.header_id: {"Receita real": "revenue"}})
    known = reading(own, mappings={reading(own).report.header_id: {"Net": "revenue"}})

    assert sold(by_person)["revenue"].sum() == 16
    assert reading(own).report.layout == "amazon.sales"
    assert (known.report.layout, sold(known)["revenue"].sum()) == ("plain", 8)


def test_another_tables_mapping_changes_nothing() -> None:
    assert reading(UNSURE, mappings={"0123456789abcdef": {"nothing": "nonsense"}}).lines is None


def test_the_same_header_has_one_id_however_it_is_written() -> None:
    again = reading(UNSURE.replace("Data;", " DATA ;").replace("01/03", "05/07"))

    assert again.report.header_id == reading(UNSURE).report.header_id
    assert again.report.header_id != reading(UNSURE.replace("Valor", "Preço")).report.header_id


def test_columns_that_a_person_calls_fees_are_added_up() -> None:
    rows = "1;01/03/2026;A;1;100,00;10,00;2,50\n2;02/03/2026;B;1;80,00;8,00;0,00"
    text = f"Pedido;Data;SKU;Qtd;Valor total;Comissão;Rebate\n{rows}"
    mapping = {"Comissão": "fees", "Rebate": "fees"}
    found = reading(text, mappings={reading(text).report.header_id: mapping})

    assert sold(found)["fees"].to_list() == [12.5, 8]
    assert [one.header for one in found.report.columns if one.field == "fees"] == ["Comissão", "Rebate"]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"Valor": "nonsense"}, "mapping-field"),
        ({"Preço": "revenue"}, "mapping-column"),
        ({"Valor": "revenue", "Qtd": "revenue"}, "mapping-twice"),
        ({"Cliente": "title"}, "mapping-personal"),
    ],
)
def test_a_mapping_without_sense_is_refused(mapping: dict[str, str], code: str) -> None:
    text = "Data;Cliente;Qtd;Valor\n01/03/2026;Zuleica;2;50,00"
    with pytest.raises(Refused) as refused:
        reading(text, mappings={reading(text).report.header_id: mapping})

    assert refused.value.code == code
    assert "Zuleica" not in refused.value.detail


def test_fields_to_choose_from_are_all_named_twice() -> None:
    choices = choosable_fields()

    assert [choice["field"] for choice in choices] == list(CHOICES)
    assert all(choice["pt"] and choice["en"] and choice["pt"] != choice["en"] for choice in choices)


def test_a_mapping_reaches_the_reading_process(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_text(UNSURE, "utf-8")
    header = read(path, "vendas.csv", ["shopee"], Limits()).tables[0].header_id
    mappings = {header: {"Valor": "revenue"}}

    facts = asyncio.run(read_document(path, "vendas.csv", ["shopee"], mappings=mappings))
    assert [figure.value for figure in facts.channels[0].figures if figure.metric == "revenue"] == [80]
    with pytest.raises(Refused, match="mapping-column"):
        asyncio.run(read_document(path, "vendas.csv", ["shopee"], mappings={header: {"Preço": "revenue"}}))


def test_an_ignored_column_is_nothing_whatever_it_is_called() -> None:
    text = "Pedido;SKU;Valor total;Frete\n1;A;10,00;2,00\n2;B;20,00;3,00"
    header = reading(text).report.header_id
    found = reading(text, mappings={header: {"Frete": "ignore"}})
    column = next(column for column in found.report.columns if column.header == "Frete")

    assert (column.field, sold(found)["revenue"].sum()) == ("", 30)
    assert sold(found)["shipping"].null_count() == 2
    assert sold(reading(text))["shipping"].sum() == 5


def test_a_mapping_without_a_header_is_for_tables_with_all_its_columns() -> None:
    fitting = reading(UNSURE, mappings={ANY_TABLE: {"Valor": "price"}})

    assert sold(fitting)["revenue"].to_list() == [100, 30]
    assert reading(UNSURE, mappings={ANY_TABLE: {"Valor": "price", "Frete": "shipping"}}).lines is None


def test_a_kept_mapping_fits_the_same_header_however_it_is_written() -> None:
    again = UNSURE.replace("Data;Produto;Qtd;Valor", "DATA;produto; QTD ;VALOR")
    header = reading(UNSURE).report.header_id

    assert sold(reading(again, mappings={header: {"Valor": "price"}}))["revenue"].to_list() == [100, 30]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (UNSURE, True),
        (UNNAMED, True),
        ("SKU;Produto;Estoque;Custo\nA1;Caneca;10;5,00\nB2;Prato;4;7,00", False),
        ("Nome;Cargo\nZuleica;Gerente\nRui;Vendedor", False),
        ("a;b\n1;2\n3;4", False),
        ("Data;Produto;Qtd;Valor", False),
        ("Pedido;SKU;Valor total\n1;A;10,00\n2;B;20,00", False),  # sure
    ],
)
def test_only_what_may_be_sales_asks(text: str, asks: bool) -> None:
    assert reading(text).report.asks is asks


def test_who_said_too_little_is_asked_again() -> None:
    header = reading(UNSURE).report.header_id
    every = dict.fromkeys(("Data", "Produto", "Qtd", "Valor"), "ignore")

    assert reading(UNSURE, mappings={header: every}).report.asks
