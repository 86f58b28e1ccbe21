"""Sales whose amount is blank are in no sum, and the plan says how many they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.intake import Limits
from gateway.intake.document import read
from gateway.intake.figures.totals import UNPRICED
from schemas.facts import ChannelFacts

HEADER = "Pedido;Data da venda;SKU;Produto;Qtde;Valor Total;Situação"


def _shop(folder: Path, amounts: list[str], numbers: list[int] | None = None, units: str = "1") -> ChannelFacts:
    path = folder / "vendas.csv"
    rows = [
        f"P{number:04d};{n % 28 + 1:02d}/03/2026;S-{n % 5};Caneca {n % 5};{1 if amount else units};{amount};Entregue"
        for n, (number, amount) in enumerate(zip(numbers or range(len(amounts)), amounts, strict=True))
    ]
    path.write_text("\n".join([HEADER, *rows]), "utf-8")
    (channel,) = read(path, path.name, ["own_store"], Limits()).channels
    return channel


def _value(channel: ChannelFacts, metric: str) -> float | None:
    return next((one.value for one in channel.figures if one.metric == metric), None)


@pytest.mark.parametrize("cell", ["", "a conferir"])
def test_blank_amounts_are_told_and_count_nowhere(tmp_path: Path, cell: str) -> None:
    amounts = [f"{10 + n},90" for n in range(30)]
    amounts[3] = amounts[17] = cell
    channel = _shop(tmp_path, amounts)
    known = [10 + n + 0.9 for n in range(30) if n not in {3, 17}]
    assert UNPRICED.format(rows=2) in channel.warnings
    assert _value(channel, "revenue") == pytest.approx(sum(known))
    assert _value(channel, "orders") == 30
    assert _value(channel, "average_ticket") == pytest.approx(sum(known) / len(known), abs=0.01)


def test_an_order_whose_amount_stands_in_one_of_its_rows_has_one(tmp_path: Path) -> None:
    numbers = [n // 2 for n in range(30)]
    channel = _shop(tmp_path, [f"{20 + n},90" if n % 2 == 0 else "" for n in range(30)], numbers)
    assert not any("não têm um valor" in warning for warning in channel.warnings)


@pytest.mark.parametrize("units", ["1", "0"])
def test_rows_of_nothing_are_no_sales_without_an_amount(tmp_path: Path, units: str) -> None:
    channel = _shop(tmp_path, ["", *(f"{10 + n},90" for n in range(30))], units=units)
    assert (UNPRICED.format(rows=1) in channel.warnings) == (units == "1")
