"""Large tables: the same figures as read whole, of the columns that are needed, whatever the encoding."""

import weakref
from pathlib import Path

import polars as pl
import pytest

from gateway.intake import Limits, Refused, document, read_document
from gateway.intake.dates import moments
from gateway.intake.distinct import by_distinct
from gateway.intake.document import read
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.described import header_id
from gateway.intake.limits import LARGE_BYTES
from gateway.intake.readers.large import _Source, read_large
from gateway.intake.tables import RawTable
from gateway.intake.values import numbers

LIMITS = Limits()
HEADER = "Relatório de vendas\n\nPedido;Data;SKU;Produto;Qtde;Valor Total;Situação;Cliente;Cidade"


def text(rows: int = 3_000) -> str:
    lines = [
        f"P{n:05d};{n % 28 + 1:02d}/0{n % 3 + 1}/2026;S-{n % 9};Caneca; {n % 3 + 1} ;{n % 50 + 10},90;"
        f"{'Cancelado' if n % 10 == 0 else 'Entregue'};Zuleica {n};Santos"
        for n in range(rows)
    ]
    return "\n".join([HEADER, *lines, "Total geral;;;;;99.999,00;;;", ""])


def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LARGE_BYTES", 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize(("name", "lines"), [("a.csv", "\n"), ("a.csv", "\r\n"), ("a.csv", "\r"), ("a.txt", "\n")])
def test_a_large_table_gives_what_it_gives_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, name: str, lines: str
) -> None:
    path = tmp_path / name
    path.write_bytes(text().replace("\n", lines).encode(encoding))
    whole = read(path, name, ["shopee"], LIMITS)
    large(monkeypatch)

    facts = read(path, name, ["shopee"], LIMITS)

    assert facts.channels == whole.channels
    assert facts.tables == whole.tables


UNNAMED = "Produto;Cliente;Cidade;Bairro;;Qtd;Valor unitário;Valor total\n" + "\n".join(
    f"Caneca {n % 9};Zuleica;Santos;Centro;{n % 28 + 1:02d}/03/2026;2;{n % 40 + 1},00;{(n % 40 + 1) * 2},00"
    for n in range(2_500)
)
MALAYSIA = (
    "Order ID,Order Status,Order Creation Date,Product Name,SKU Reference No.,Deal Price,Quantity,Town,Country\n"
    + "\n".join(
        f"MY{n:05d},{'Completed' if n % 9 else 'Cancelled'},2026-03-{n % 28 + 1:02d} 10:00,Mug,S-{n % 9},10.5,1,K,MY"
        for n in range(2_500)
    )
)
MAPPED = "Data;Loja física;Xpto;Xpto 2;Coisa;Abc\n" + "\n".join(
    f"{n % 28 + 1:02d}/03/2026;Centro;{n % 3 + 1};{n % 7};Caneca {n % 9};{n % 50},00" for n in range(2_500)
)
SAID = {header_id(["Data", "Loja física", "Xpto", "Xpto 2", "Coisa", "Abc"]): {"Abc": "revenue", "Coisa": "title"}}


@pytest.mark.parametrize(
    ("table", "said"), [(UNNAMED, None), (MALAYSIA, None), (MAPPED, SAID)],
    ids=["a date without a name", "Shopee abroad", "mapped by a person"],
)  # fmt: skip
def test_what_a_large_tables_columns_are_is_told_as_of_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, said: dict[str, dict[str, str]] | None
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(table, encoding="utf-8")
    whole = read(path, "a.csv", ["shopee"], LIMITS, said)
    large(monkeypatch)

    facts = read(path, "a.csv", ["shopee"], LIMITS, said)

    assert whole.channels
    assert facts.channels == whole.channels
    assert facts.tables == whole.tables


def test_a_column_that_only_all_rows_ask_for_is_read_by_itself() -> None:
    frame = pl.DataFrame({str(i): [name, *(f"{name}{n}" for n in range(1, 6))] for i, name in enumerate("abcd")})
    frame = frame.with_columns(pl.when(pl.int_range(pl.len()) != 3).then(pl.all()))
    some = RawTable("t", frame.head(2), whole=frame.select, needed=lambda: frame.select("0"), is_clean=True)
    columns = Columns.below(some, 0)
    columns.keep(columns.rows != 2)

    assert columns.headers == ["a", "b", "c", "d"]
    assert columns.cells(3).to_list() == ["d2", "d4", "d5"]  # beside a2, a4, a5: no other rows'


def test_of_the_rows_that_are_read_none_is_kept_beside_those_that_count() -> None:
    """A line of totals below a million rows would take as much as they do."""
    read: list[weakref.ref[pl.DataFrame]] = []

    def needed() -> pl.DataFrame:
        frame = pl.DataFrame({"0": ["Pedido", "1", "2", "Total"], "1": ["Valor", "5", "6", "11"]})
        read.append(weakref.ref(frame))
        return frame

    head = needed()
    table = RawTable("t", head, whole=head.select, height=4, needed=needed, is_clean=True)
    columns = Columns.below(table, 0)

    assert columns.frame.rows() == [("1", "5"), ("2", "6")]
    assert columns.first_cell("Valor") == "5"
    assert [one() is None for one in read] == [False, True]


def test_only_the_columns_that_are_needed_are_read_of_all_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text(), encoding="utf-8")
    large(monkeypatch)
    asked: list[list[str]] = []
    original = _Source.read

    def noting(source: _Source, columns: list[str]) -> pl.DataFrame:
        asked.append(list(columns))
        return original(source, columns)

    monkeypatch.setattr(_Source, "read", noting)
    read(path, "a.csv", ["shopee"], LIMITS)

    assert asked == [["0", "1", "2", "3", "4", "5", "6"]]  # neither the buyer nor the city


def test_an_unknown_large_table_tells_all_its_rows_and_nothing_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Nome;Bairro\n" + "Zuleica Brantes;Centro\n" * 2_500, encoding="utf-8")
    large(monkeypatch)

    facts = read(path, "a.csv", ["shopee"], LIMITS)

    assert [(table.layout, table.rows) for table in facts.tables] == [("unknown", 2_501)]
    assert "Zuleica" not in str(facts.to_dict())


def test_quotes_that_do_not_match_do_not_lose_a_large_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text().replace("Caneca", '"Tela" 15 pol', 1), encoding="utf-8")
    large(monkeypatch)

    facts = read(path, "a.csv", ["shopee"], LIMITS)

    assert {figure.metric: figure.value for figure in facts.channels[0].figures}["orders"] == 2_700


def test_a_large_text_that_is_prose_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("O mês foi bom, apesar de tudo.\nVendemos mais.\n" * 4_000, encoding="utf-8")
    large(monkeypatch)

    facts = read(path, "a.txt", ["shopee"], LIMITS)

    assert len(facts.text) == LIMITS.max_text_chars
    assert facts.warnings == ["O texto é longo; só o começo foi lido."]


def test_a_large_table_has_limits_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text(100), encoding="utf-8")

    with pytest.raises(Refused) as caught:
        read_large(path, Limits(max_rows=50), is_table=True)

    assert caught.value.code == "too-many-rows"


@pytest.mark.parametrize("convert", [numbers, moments])
def test_cells_that_repeat_are_read_as_they_would_be_where_they_stand(convert: object) -> None:
    cells = pl.Series("c", ["1.234", "2,5", "03/04/2026", None, "x", "13/04/2026", "R$ 7"] * 10_000)

    in_order = pl.Series("c", [f"{month:02d}/{day:02d}/2026" for month in (1, 2, 3) for day in range(1, 13)])
    for_each = in_order.gather([n // 2_000 for n in range(72_000)])  # month first: told by their order alone

    assert callable(convert)
    assert by_distinct(for_each, convert).equals(convert(for_each), check_names=True)
    assert by_distinct(cells, convert).equals(convert(cells), check_names=True)


async def test_a_large_text_that_is_not_utf8_is_read_by_the_confined_process(tmp_path: Path) -> None:
    """The confined process may write no file, not even in memory, and still reads such a text."""
    line = f"PED1;02/03/2026;SKU-1;{'Caneca de café ' * 20};1;10,00;10,00\n"
    path = tmp_path / "a.csv"
    path.write_text("Pedido;Data;SKU;Produto;Quantidade;Preço;Valor total\n" + line * 60_000, encoding="cp1252")
    facts = await read_document(path, "a.csv", ["own_store"])

    assert path.stat().st_size > LARGE_BYTES
    assert facts.tables[0].rows == 60_000
    assert "Preço" in facts.tables[0].columns_used
