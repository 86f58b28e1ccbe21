"""No buyer reaches an agent: documents of every layout get columns that tell who bought; no prompt has their cells."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from bench.evaluate.golden import write_layouts
from streams.analysis.agents.prompt import write_prompt
from tests.unit.gateway.intake.test_same_figures_of_layouts import Rows, header_of, reread_facts, sheets_of

#: What a marketplace tells of a buyer: the column's name, and the cell of the n-th buyer.
TOLD: Final = {
    "Comprador": "Zuleica{n} Brantes",
    "CPF": "529.982.247-25",
    "Documento do comprador": "52998224725",
    "E-mail": "zuleica{n}.brantes@correio.example",
    "Telefone": "+55 (11) 91234-5678",
    "Phone number": "11912345678",
    "Recipient name": "Teobaldo{n} Quaresma",
    "Endereço": "Rua das Acácias Roxas, {n}, apto 12",
    "Shipping Street": "Travessa Nhonhô Vidigal {n}",
    "CEP": "18010-123",
    "Data de nascimento": "1983-07-14",
    "Cartão": "4111 1111 1111 1111",
    "Observação do cliente": "Ligar para Iracilda em (11) 98888-7777 antes; CPF 529 982 247 25",
}
#: Pieces of these that nobody else could have written, as letters and digits alone.
MARKERS: Final = (
    "zuleica", "brantes", "52998224725", "11912345678", "teobaldo", "quaresma", "acacias", "acácias", "nhonh",
    "18010123", "19830714", "4111111111111111", "iracilda", "11988887777",
)  # fmt: skip
#: So many different layouts at least.
LEAST: Final = 10


def with_buyers(rows: Rows) -> Rows:
    """Return the rows with a buyer's columns before, between and behind their own."""
    head, width = header_of(rows), max(map(len, rows))
    middle = width // 2
    first, last = list(TOLD)[::2], list(TOLD)[1::2]
    found: Rows = []
    for n, row in enumerate(rows):
        full = [*row, *[None] * (width - len(row))]
        if n < head:
            found.append(full)
            continue
        cells = {name: name if n == head else told.format(n=n) for name, told in TOLD.items()}
        found.append([*full[:middle], *(cells[c] for c in first), *full[middle:], *(cells[c] for c in last)])
    return found


def letters_and_digits(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def test_a_marker_of_a_buyer_in_any_layout_reaches_no_prompt(tmp_path: Path) -> None:
    layouts = set()
    (planted := tmp_path / "planted").mkdir()
    for one in write_layouts(tmp_path, seed=7, rows=60):
        if one.path.suffix not in {".csv", ".txt", ".xlsx"}:
            continue
        sheets = {name: with_buyers(rows) for name, rows in sheets_of(one.path).items()}
        separator = "" if one.path.suffix == ".xlsx" else ";"
        facts = reread_facts(one.path.stem, sheets, one.channels, planted, separator)
        figures = {own.channel for own in facts.channels if own.figures}
        layouts |= {table.layout for table in facts.tables} if figures else set()
        for channel in one.channels:
            sent = " ".join(str(message["content"]) for message in write_prompt(channel, facts).messages())
            assert len(sent) > 1000 or channel not in figures
            found = [marker for marker in MARKERS if marker in letters_and_digits(sent)]
            assert found == [], f"{one.path.name}, {channel}"
    assert len(layouts) >= LEAST, sorted(layouts)


def test_the_markers_are_found_where_they_stand() -> None:
    told = letters_and_digits(" ".join(told.format(n=1) for told in TOLD.values()))
    assert [marker for marker in MARKERS if marker not in told] == ["acacias"]


def test_the_name_of_a_sheet_tells_no_number_of_a_person(tmp_path: Path) -> None:
    rows: Rows = [["Coisa", "Outra"]]
    rows += [[f"x{n}", f"y{n}"] for n in range(60)]
    told = ("529982247-25", "4111 1111 1111 1111", "529.982.247\u201125", "ana (at) loja.com")
    sheets = {f"Loja {one}": rows for one in told}
    facts = reread_facts("planilha", sheets, ["amazon"], tmp_path)
    wheres = [table.where for table in facts.tables]
    assert len(wheres) == len(told)
    assert [one for one in wheres if any(sign in letters_and_digits(one) for sign in (*MARKERS, "atloja"))] == []
