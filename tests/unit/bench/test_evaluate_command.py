"""`make evaluate DIR=folder`: what it prints, and by which status it ends."""

import errno
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.evaluate import __main__ as command
from bench.evaluate.reading import Read
from gateway.intake import ANY_TABLE, Limits, Refused
from gateway.intake.document import contents

SALES = """Pedido;Data;Produto;SKU;Quantidade;Preço;Total
1;03/09/2026;Vaso;V-1;1;10,00;10,00
2;13/09/2026;Prato;P-1;3;10,00;30,00
3;14/09/2026;Vaso;V-1;1;10,00;10,00
"""
REVENUE = 50.0


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process: one of its own for each document is what other tests are about."""

    def read(path: Path, name: str, channels: list[str] | None = None, *, mapping: dict[str, str]) -> Read:
        asked = channels or ["own_store"]
        try:
            found = contents(path, path.name, asked, Limits(), {ANY_TABLE: mapping} if mapping else None)
        except Refused as refused:
            return Read(name, asked, None, {part: str(value) for part, value in refused.to_dict().items()})
        return Read(name, asked, found.facts, cpu_s=1.25, wall_s=2.5, peak_mib=100.0)

    monkeypatch.setattr(command, "read", read)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "vendas.csv").write_text(SALES, encoding="utf-8")
    return tmp_path


def expecting(folder: Path, **wanted: Any) -> None:
    (folder / "expected.json").write_text(json.dumps(wanted.pop("documents", {"vendas.csv": wanted})), encoding="utf-8")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    """Run the command as a shell does; return its exit status."""
    monkeypatch.setattr(sys, "argv", ["evaluate", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_what_is_as_expected_ends_well(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expecting(folder, own_store={"revenue": REVENUE, "orders": 3, "fees": None})

    status, told = run(monkeypatch, folder), capsys.readouterr()

    assert status == 0
    assert told.out.startswith("== vendas.csv  (1.25 s of CPU, 2.50 s, 100")
    assert "recognised as plain, kind sales; asked for own_store" in told.out
    assert "revenue 50.00  orders 3  units 5  fees -" in told.out
    assert "DIFFERENT" not in told.out
    assert told.err == "1 documents, 1 expected, 0 different\n"


def test_a_difference_from_what_is_expected_fails_and_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expecting(folder, own_store={"revenue": REVENUE + 1})

    status, told = run(monkeypatch, folder), capsys.readouterr()

    assert status == 1
    assert "DIFFERENT own_store: revenue: expected 51.0000, is 50.0000 (-1.96%)" in told.out
    assert told.err == "1 documents, 1 expected, 1 different\n"


UNCLEAR = """nr,quando,cod,descr,qt,vl_um
1,2026-09-03,V-1,Vaso,1,10.90
2,2026-09-13,P-1,Prato,3,31.50
3,2026-09-14,V-1,Vaso,1,10.90
"""


def test_a_document_that_a_person_is_asked_about_says_so_and_takes_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "loja.csv").write_text(UNCLEAR, encoding="utf-8")
    said = {"map": ["order_id=nr", "revenue=vl_um", "units=qt"], "own_store": {"revenue": 53.3, "orders": 3}}

    expecting(tmp_path, documents={"loja.csv": {"asks": True}})
    assert run(monkeypatch, tmp_path) == 0
    asked = capsys.readouterr().out
    expecting(tmp_path, documents={"loja.csv": said})
    assert run(monkeypatch, tmp_path) == 0
    read = capsys.readouterr().out

    assert "a person is asked what its columns are" in asked
    assert "vl_um: ?" in asked
    assert "quando: at (" in asked
    assert "a person is asked" not in read
    assert "revenue 53.30  orders 3  units 5" in read


def test_an_expected_document_that_is_not_there_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expecting(folder, documents={"gone.csv": {"own_store": {}}})

    status, told = run(monkeypatch, folder, "--format", "json"), capsys.readouterr()

    assert status == 1
    assert json.loads(told.out)["different"] == {"gone.csv": ["expected, and no such document is here"]}


def test_a_folder_without_documents_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.zip").touch()

    assert run(monkeypatch, tmp_path) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f"no documents in {tmp_path}" in told.err
    assert ".xlsx" in told.err


@pytest.mark.parametrize("path", ["gone", "vendas.csv"])
def test_what_is_no_folder_is_a_wrong_use(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    assert run(monkeypatch, folder / path) == 2
    assert f"no folder: {folder / path}" in capsys.readouterr().err


def test_a_folder_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(folder: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    monkeypatch.setattr("os.scandir", denied)  # who runs as root may read any

    assert run(monkeypatch, tmp_path) == 2
    assert f"Permission denied: '{tmp_path}'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "expected.json: Expecting property name"),
        ('{"vendas.csv": 3}', "expected.json: has to be an object"),
        ('{"a.csv": {"shoppee": {}}}', "no channel and no property: shoppee"),
        ('{"a.csv": {"map": ["vl_um=revenue"]}}', "a.csv: map is a list of field=column"),
        ('{"a.csv": {"map": "revenue=vl_um"}}', "a.csv: map is a list of field=column"),
    ],
)
def test_expectations_that_make_no_sense_are_a_wrong_use(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    (folder / "expected.json").write_text(text, encoding="utf-8")

    assert run(monkeypatch, folder) == 2
    assert why in capsys.readouterr().err


def test_a_channel_that_is_none_is_a_wrong_use(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, folder, "--channels", "shopee,shoppee") == 2
    assert "no channel: shoppee" in capsys.readouterr().err


def test_the_table_has_a_row_for_each_document_and_the_differences_below(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "vazio.csv").write_text("\n", encoding="utf-8")
    expecting(folder, own_store={"orders": 4})

    status, told = run(monkeypatch, folder, "--format", "markdown"), capsys.readouterr()
    head, rule, *rows = told.out.splitlines()

    assert status == 1
    assert head.startswith("| document | recognised as | channel | revenue | orders |")
    assert rule.count("---") == head.count(" | ") + 1
    assert rows[0].startswith("| vazio.csv | refused: empty-file |  | - | - |")
    assert rows[1].startswith("| vendas.csv | plain | own_store | 50.00 | 3 | 5 |")
    assert rows[1].endswith("| 1.25 | 100 |")
    assert rows[2] == "- vendas.csv: own_store: orders: expected 4.0000, is 3.0000 (-25.00%)"
    assert all(row.count(" | ") == head.count(" | ") for row in rows[:2])
