"""Comment lines above a table (`# ----`) are none of its rows, and the period that they tell is the rows' own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gateway.intake import Limits
from gateway.intake.comments import NO_PERIOD, PERIOD_READ, period_of
from gateway.intake.document import read
from gateway.uploads.reading_words import remark_in_english
from schemas.facts import DocumentFacts

RULE = "# ----------------------------------------"
MARCH = ("# Start date: 20260301", "# End date: 20260331")
READ = PERIOD_READ.format(first=date(2026, 3, 1), last=date(2026, 3, 31))
ITEMS = (
    "Item name,Items viewed,Items purchased,Item revenue\nCaneca,120,10,499.00\nVela,80,5,100.50\nPrato,10,1,59.90\n"
)


def head(*told: str) -> str:
    """Return the lines that Google Analytics writes; the name of an account may have the separator in it."""
    title = "# Ecommerce purchases: Item name"
    return "\n".join([RULE, title, "# Account: Loja, Ltda", RULE, "#", "# All Users", *told, "", ""])


def of(folder: Path, text: str) -> DocumentFacts:
    (path := folder / "dados.csv").write_text(text, "utf-8")
    return read(path, path.name, ["own_store"], Limits())


def values(facts: DocumentFacts) -> dict[str, float]:
    return {figure.metric: figure.value for figure in facts.channels[0].figures}


def test_the_period_of_rows_without_a_day_is_read(tmp_path: Path) -> None:
    facts = of(tmp_path, head(*MARCH) + ITEMS)

    assert values(facts)["revenue"] == pytest.approx(659.4)
    assert (values(facts)["units"], values(facts)["period_days"]) == (16, 31)
    assert facts.channels[0].period == ["2026-03-01", "2026-03-31"]
    assert facts.tables[0].warnings == [READ]
    assert facts.tables[0].where.endswith("cabeçalho na linha 10")  # as a person counts the lines of the file
    assert remark_in_english(READ) == (
        "The period, from 01/03/2026 to 31/03/2026, was read from the comment lines above the table."
    )


def test_the_lines_change_nothing_but_the_period(tmp_path: Path) -> None:
    alone, found = of(tmp_path, ITEMS), of(tmp_path, head(*MARCH) + ITEMS)

    assert values(found) == values(alone) | {"period_days": 31}
    assert found.tables[0].columns == alone.tables[0].columns


@pytest.mark.parametrize(
    "told",
    [
        (),
        MARCH[:1],
        ("# Start date: 20260301", "# End date: 20260228"),
        (*MARCH, "# Start date: 20250301", "# End date: 20250331"),
        ("# Start date: 20261301", "# End date: 20261331"),
    ],
)
def test_a_period_that_is_not_told_is_said_to_be_unknown(tmp_path: Path, told: tuple[str, ...]) -> None:
    facts = of(tmp_path, head(*told) + ITEMS)

    assert facts.channels[0].period == []
    assert "period_days" not in values(facts)
    assert facts.tables[0].warnings == [NO_PERIOD]
    assert remark_in_english(NO_PERIOD).startswith("The rows have no date")


def test_the_days_of_the_rows_stand_above_the_comments(tmp_path: Path) -> None:
    rows = "Date,Transactions,Purchase revenue\n20260302,3,100.50\n20260303,2,80.00\n20260304,1,10.25\n"
    facts = of(tmp_path, head(*MARCH) + rows)

    assert values(facts)["revenue"] == pytest.approx(190.75)
    assert facts.channels[0].period == ["2026-03-02", "2026-03-04"]
    assert READ not in facts.tables[0].warnings


def test_each_block_of_an_export_has_such_lines(tmp_path: Path) -> None:
    other = "Item category,Items viewed,Items purchased,Item revenue\nCasa,200,15,599.50\n"
    facts = of(tmp_path, f"{head(*MARCH)}{ITEMS}\n{head(*MARCH)}{other}")

    assert values(facts)["revenue"] == pytest.approx(659.4)
    assert facts.tables[0].rows == 3
    assert facts.channels[0].period == ["2026-03-01", "2026-03-31"]


def test_a_number_sign_without_a_line_of_dashes_is_no_comment(tmp_path: Path) -> None:
    facts = of(tmp_path, "# Pedido,Produto,Quantidade,Valor total\n# 1,Caneca,1,49.90\n# 2,Vela,2,20.10\n")

    assert (values(facts)["orders"], values(facts)["units"]) == (2, 3)


@pytest.mark.parametrize(
    ("lines", "period"),
    [
        (["# 20230101-20230131"], (date(2023, 1, 1), date(2023, 1, 31))),
        (["# Data de início: 2026-03-01", "# Data de término: 2026-03-31"], (date(2026, 3, 1), date(2026, 3, 31))),
        (["# Fecha de inicio: 20260301", "# Fecha final: 20260331"], (date(2026, 3, 1), date(2026, 3, 31))),
        (["# 20230101-20230131", "# 20220101-20220131"], None),
        (["# Created: 20260401"], None),
    ],
)
def test_how_a_period_is_written(lines: list[str], period: tuple[date, date] | None) -> None:
    assert period_of(lines) == period
