"""The samples are the same for the same seed, and have the quirks that they promise."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import fastexcel
import pytest

from local.samples import Sample, write_samples

ROWS = 300


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sample]:
    return {sample.path.name: sample for sample in write_samples(tmp_path_factory.mktemp("samples"), rows=ROWS)}


def digests(samples: list[Sample]) -> dict[str, str]:
    return {sample.path.name: hashlib.sha256(sample.path.read_bytes()).hexdigest() for sample in samples}


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path, samples: dict[str, Sample]) -> None:
    first = digests(list(samples.values()))
    other = digests(write_samples(tmp_path / "other", seed=8, rows=ROWS))

    assert digests(write_samples(tmp_path / "again", rows=ROWS)) == first
    assert [name for name in first if first[name] == other[name]] == []


def test_the_truth_of_the_same_seed_is_the_same(tmp_path: Path, samples: dict[str, Sample]) -> None:
    again = {sample.path.name: sample.truth for sample in write_samples(tmp_path, rows=ROWS)}

    assert again == {name: sample.truth for name, sample in samples.items()}


def test_mercado_livre_has_its_header_in_row_six_twice_the_same_names_and_packages(samples: dict[str, Sample]) -> None:
    workbook = fastexcel.read_excel(str(samples["vendas_mercado_livre.xlsx"].path))
    rows = workbook.load_sheet(0, header_row=None, dtypes="string").to_polars().rows()
    header = rows[5]

    assert workbook.sheet_names == ["Vendas BR", "Ajuda"]
    assert header[0] == "N.º de venda"
    assert [header.count(name) for name in ("Unidades", "Estado", "Forma de entrega")] == [2, 2, 2]
    heads = [index for index, row in enumerate(rows) if row[2] and row[2].startswith("Pacote de")]
    assert heads
    for head in heads:
        assert rows[head][7] is not None  # the money
        assert rows[head][20] in (None, "")  # no SKU
        assert rows[head][4] in (None, "")  # and nothing else that marks it as a package
        assert rows[head + 1][7] is None
        assert rows[head + 1][20]


def test_mercado_livre_has_the_blanks_and_texts_that_mislead(samples: dict[str, Sample]) -> None:
    workbook = fastexcel.read_excel(str(samples["vendas_mercado_livre.xlsx"].path))
    table = workbook.load_sheet(0, header_row=5, dtypes="string").to_polars()
    described = table["Descrição do status"].drop_nulls().to_list()

    assert set(table["Venda por publicidade"].fill_null("").to_list()) == {"Sim", ""}
    assert any("cancele" in text for text in described)
    assert table["Data a caminho"][0].count("|") == 1  # no year
    assert (table["Taxa de parcelamento equivalente ao acréscimo"].drop_nulls() != " ").any()


def test_shopee_tells_of_no_rebate_and_tiktok_of_the_currency(samples: dict[str, Sample]) -> None:
    orders = fastexcel.read_excel(str(samples["Order.all.shopee.xlsx"].path)).load_sheet(0, dtypes="string").to_polars()
    tiktok = samples["tiktok_shop_pedidos.csv"].path.read_text(encoding="utf-8").splitlines()[2]

    assert "Desconto de Frete Aproximado" not in orders.columns
    assert orders["Código do Cupom"].drop_nulls().str.starts_with("FSV-").any()
    assert '"BRL ' in tiktok
    assert " AM\t" in tiktok or " PM\t" in tiktok


def test_other_quirks(samples: dict[str, Sample]) -> None:
    latin = samples["vendas_outros_canais.csv"].path.read_bytes()
    sales = samples["amazon_sale_report.csv"].path.read_text(encoding="utf-8-sig").splitlines()
    tiktok = samples["tiktok_shop_pedidos.csv"].path.read_text(encoding="utf-8").splitlines()

    assert b"Relat\xf3rio" in latin
    assert latin.splitlines()[-1].startswith(b"Total geral;")
    assert b'"CHV' not in latin
    assert sales[0].endswith(",")
    assert "Sales Channel ," in sales[0]
    assert tiktok[1].startswith("Platform unique order ID.")


def test_the_command_writes_them_with_their_truth(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "local.samples", str(tmp_path / "out"), "--seed", "3", "--rows", "50"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[3])
    truth = json.loads((tmp_path / "out" / "truth.json").read_text(encoding="utf-8"))

    assert len(truth) == len(done.stdout.splitlines()) == 10
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*truth, "truth.json"}
