"""`upload --look`: what a file would be read as is shown, and nothing is uploaded."""

import json
import re
from pathlib import Path

import httpx
import pytest
from typer.testing import Result

from gateway.intake import Limits, Refused
from gateway.intake.document import contents
from gateway.uploads.document_read import DocumentRead
from gateway.uploads.not_sure import preview
from tests.support.typed import typed

SALES = """Pedido;Data;Produto;SKU;Quantidade;Preço;Total;Cliente
1;03/09/2026;Vaso;V-1;1;10,00;10,00;Zuleica Quaresma
2;13/09/2026;Prato;P-1;3;10,00;30,00;Ondina Brantes
"""
NOT_SURE = "dt;vlr;obs\n01/03/2026;50,00;a\n02/03/2026;30,00;b\n03/03/2026;80,00;c\n"
COSTS = "SKU;Custo;Estoque\nA-1;10,00;5\nA-2;12,50;0\n"


class Gateway:
    """A gateway that reads the file with its own reader, and answers as the real one does; it takes no upload."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bodies: list[str] = []
        self.paths: list[str] = []
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = request.read().decode()
        self.bodies.append(body)
        self.paths.append(request.url.path)
        if self.status != 200:
            return httpx.Response(self.status, json={"type": "/docs#forbidden", "title": "Not allowed"})
        (name,) = re.findall(r'filename="([^"]+)"', body)
        try:
            found = contents(self.folder / name, name, ["own_store"], Limits())
        except Refused as refused:
            return httpx.Response(422, json=refused.to_dict())
        (language,) = re.findall(r'name="language"\s+(\S+)', body)
        seen = preview(DocumentRead(found.facts, {}, goods=found.goods), language)
        return httpx.Response(200, json=seen.model_dump(mode="json", by_alias=True))

    def look(self, *names: str, options: tuple[str, ...] = ()) -> Result:
        return typed(
            self, "upload", *(str(self.folder / name) for name in names), "-c", "own_store", "--look", *options
        )


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    for name, text in {"vendas.csv": SALES, "loja.csv": NOT_SURE, "custos.csv": COSTS, "vazio.csv": "\n"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Gateway(tmp_path)


def words(result: Result) -> str:
    return " ".join(result.output.split())


def test_a_file_that_is_sure_is_shown_with_its_columns_and_sums(gateway: Gateway) -> None:
    done = gateway.look("vendas.csv")

    said = words(done)
    assert done.exit_code == 0, done.output
    assert "vendas.csv: an upload would be taken" in said
    assert "recognised as plain, sales, 2 rows" in said
    assert re.search(r"Quantidade units \d+% 1 \| 3", said)
    assert "own_store 2026-09-03 to 2026-09-13 BRL (assumed) 40.00 2 4" in said
    assert re.search(r"Fees, .*: unknown. Say which column it is.", said)
    assert "--map fees=COLUMN" in said
    assert "Zuleica" not in said
    assert gateway.paths == ["/api/marketplace/analysis/upload/preview"]


def test_what_the_reader_remarks_is_shown_in_english(gateway: Gateway) -> None:
    said = words(gateway.look("custos.csv"))

    assert "2 SKUs with a cost: used to compute the margin of sales by SKU." in said
    assert "file separated by “;”, header in row 1" in said
    assert not re.search(r"não|linha|tabela de", said)


def test_what_the_reader_remarks_is_shown_in_portuguese_to_who_asks_for_it(gateway: Gateway) -> None:
    said = words(gateway.look("custos.csv", options=("--language", "pt-BR")))

    assert "arquivo separado por “;”, cabeçalho na linha 1" in said
    assert "header in row" not in said


def test_a_language_that_nobody_speaks_here_is_refused(gateway: Gateway) -> None:
    done = gateway.look("custos.csv", options=("--language", "fr"))

    assert done.exit_code == 2
    assert not gateway.paths


def test_what_would_be_asked_is_shown_with_the_command_to_type(gateway: Gateway) -> None:
    done = gateway.look("loja.csv")

    said = words(done)
    assert done.exit_code == 1
    assert "loja.csv: an upload would ask which column is which, of 1 table" in said
    assert f"marketplace upload {gateway.folder / 'loja.csv'} -c own_store --map" in said
    assert "own_store" not in said.partition("marketplace upload")[0]  # no sums of what nobody knows


def test_what_is_unknown_is_no_zero(gateway: Gateway) -> None:
    (gateway.folder / "sem.csv").write_text("Data;Produto;Valor Total\n13/09/2026;Vaso;10,50\n14/09/2026;Prato;9,50\n")

    assert "own_store 2026-09-13 to 2026-09-14 BRL (assumed) 20.00 unknown unknown" in words(gateway.look("sem.csv"))


def test_costs_and_stock_that_would_be_kept_are_counted(gateway: Gateway) -> None:
    done = gateway.look("custos.csv")

    assert done.exit_code == 0, done.output
    assert "Would be kept: 2 SKUs with costs, 2 with stock" in words(done)


def test_several_files_are_looked_at_and_one_that_would_be_refused_is_told_with_its_reason(gateway: Gateway) -> None:
    done = gateway.look("vazio.csv", "vendas.csv")

    said = words(done)
    assert done.exit_code == 1
    assert "vazio.csv would be refused." in said
    assert "vendas.csv: an upload would be taken" in said


def test_json_is_what_the_api_answers_for_each_file(gateway: Gateway) -> None:
    done = gateway.look("vazio.csv", "vendas.csv", options=("--json",))

    refused, sure = json.loads(done.output)["results"]
    assert refused["problem"]["code"] == "empty-file"
    assert (sure["file"], sure["sure"]) == (str(gateway.folder / "vendas.csv"), True)
    assert sure["channels"][0]["revenue"] == 40


def test_what_is_said_of_columns_and_currency_goes_with_the_look(gateway: Gateway) -> None:
    gateway.look("vendas.csv", options=("--map", "price=Preço", "--currency", "USD"))

    assert "price=Preço" in gateway.bodies[0]
    assert "USD" in gateway.bodies[0]


def test_who_may_not_look_is_told_so_once(gateway: Gateway) -> None:
    gateway.status = 403
    done = gateway.look("vendas.csv", "loja.csv")

    assert done.exit_code == 1
    assert len(gateway.paths) == 1


def test_one_look_at_a_time(gateway: Gateway) -> None:
    assert gateway.look("vendas.csv", options=("--propose",)).exit_code == 2
    assert gateway.paths == []
