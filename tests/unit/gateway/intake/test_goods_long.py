"""Long tables of costs and stock are read to their last row, however they are read; of one that may be cut nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.intake import Limits, Refused, document, read_contents
from gateway.intake.document import contents
from gateway.intake.goods import MAX_ROWS, Goods
from gateway.intake.limits import LARGE_BYTES
from gateway.intake.settling import GOODS_CUT, settled
from gateway.intake.whole import LARGE_ROWS
from tests.support.patience import PATIENCE_S
from tests.unit.gateway.intake.tables import cells, raw

LIMITS = Limits()
HEAD = "SKU;Produto;Custo unitário (R$);Embalagem;Estoque"
MANY = LARGE_ROWS + 2_500


def table(folder: Path, count: int, title: str = "Produto") -> Path:
    path = folder / "custos.csv"
    # what stands in the last rows alone has no part in how the columns were recognised
    rows = (f"S-{n};{title} {n};{n % 97 + 1},50;{'1,25' if n > MANY - 9 else ''};{n % 40}" for n in range(1, count + 1))
    path.write_text("\n".join([HEAD, *rows]), "utf-8")
    return path


def demand_all(goods: Goods) -> None:
    assert (len(goods.costs), len(goods.stock), goods.wrong_rows, goods.without) == (MANY, MANY, 0, [])
    last, units = goods.costs[-1], goods.stock[-1]
    assert (last.sku, last.unit_cost, last.packaging, last.currency) == (f"S-{MANY}", MANY % 97 + 1.5, 1.25, "BRL")
    assert (units.sku, units.quantity) == (f"S-{MANY}", MANY % 40)


@pytest.mark.parametrize("is_large", [False, True])
def test_a_long_list_is_read_to_its_last_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_large: bool) -> None:
    """In memory, and as a large file, which is recognised by its head: the same goods."""
    monkeypatch.setattr(document, "LARGE_BYTES", 0 if is_large else LARGE_BYTES)
    found = contents(table(tmp_path, MANY), "custos.csv", [], LIMITS)

    demand_all(found.goods)
    assert [(one.layout, one.kind, one.rows) for one in found.facts.tables] == [("goods", "costs", MANY)]


def test_a_long_list_leaves_the_reading_process(tmp_path: Path) -> None:
    """Its titles are long, and of letters that take six characters of JSON each."""
    path = table(tmp_path, MANY, "ã" * 100)
    patient = replace(LIMITS, seconds=PATIENCE_S)
    _, goods = asyncio.run(read_contents(path, "custos.csv", [], limits=patient))

    demand_all(goods)
    assert goods.costs[-1].title == goods.stock[-1].title == f"{'ã' * 100} {MANY}"


def test_a_list_that_is_too_long_is_refused_with_the_limit(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        contents(table(tmp_path, MAX_ROWS + 1), "custos.csv", [], LIMITS)

    assert refused.value.code == "too-many-rows"


@pytest.mark.parametrize("text", ["SKU;Custo (R$)\nA;10,00\nB;2", "SKU;Estoque\nA;10\nA;2"])
def test_of_a_list_that_may_be_cut_nothing_is_kept(text: str) -> None:
    whole = raw(cells(text))
    cut = settled(replace(whole, cut="páginas não foram lidas"), [])

    assert settled(whole, []).goods
    assert (cut.goods, cut.report.layout, cut.report.warnings) == (None, "goods", [GOODS_CUT])
