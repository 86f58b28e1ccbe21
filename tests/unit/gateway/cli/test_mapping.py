"""`upload --map`, what is said of columns that are not sure, and `mappings`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import Result

from tests.support.typed import typed

HEADER = "0123456789abcdef"
KEPT = {
    "headerId": HEADER,
    "columns": {"vlr": "price"},
    "currency": "USD",
    "document": "loja.csv",
    "madeBy": "Ana",
    "madeAt": "2026-05-01T10:00:00Z",
    "usedAt": "2026-05-02T10:00:00Z",
}
COLUMNS = [
    {"header": "vlr total", "samples": ["50,00", "30,00"], "field": "price", "confidence": 0.55, "by": "name"},
    {"header": "dt", "samples": ["01/03/2026"], "field": "at", "confidence": 0.99, "by": "name"},
    {"header": "cliente", "samples": [], "field": "", "confidence": 0.0, "by": ""},
]
PROBLEM = {
    "type": "/docs#columns-not-sure",
    "title": "Which column is which is not sure",
    "detail": "Say what the columns are.",
    "tables": [{"where": "tabela 1", "headerId": HEADER, "columns": COLUMNS}],
    "fields": [{"field": "price", "pt": "Preço", "en": "Price"}],
}


class Gateway:
    """A gateway that accepts a file only with a mapping, or when it is told to take it anyway."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.sent: list[tuple[str, str, Any]] = []
        self.proposal: dict[str, Any] = {
            "agent": "agent:host/model",
            "columns": {HEADER: {"vlr total": "revenue"}},
            "dropped": [{"column": "dt", "field": "units", "why": "cells"}],
            "code": "",
            "reason": "",
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = request.read().decode()
        if request.url.path.endswith("/preview"):
            self.bodies.append(body)
            tables = [{"where": "tabela 1", "headerId": HEADER, "columns": COLUMNS, "asks": True}]
            seen = {"tables": tables, "fields": PROBLEM["fields"], "proposal": self.proposal}
            return httpx.Response(200, json=seen)
        if request.url.path.endswith("/upload"):
            self.bodies.append(body)
            if 'name="map"' in body or 'name="anyway"' in body:
                answer = {"planId": HEADER, "outcome": "accepted", "status": "analyzing", "version": 1}
                return httpx.Response(202, json=answer)
            return httpx.Response(422, json=PROBLEM)
        self.sent.append((request.method, request.url.path, json.loads(body) if body else None))
        if request.method == "DELETE":
            return httpx.Response(204)
        return httpx.Response(200, json={"items": [KEPT]} if request.method == "GET" else KEPT)

    def run(self, *arguments: str) -> Result:
        return typed(self, *arguments)


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "loja.csv"
    path.write_text("vlr total;dt;cliente\n50,00;01/03/2026;Zuleica\n")
    return str(path)


def test_what_is_not_sure_is_shown_with_the_command_to_type(gateway: Gateway, file: str) -> None:
    result = gateway.run("upload", file, "-c", "own_store")

    assert result.exit_code == 1
    assert "55%" in result.output
    assert f"marketplace upload {file} -c own_store --map 'price=vlr total' --map at=dt" in result.output
    assert f"marketplace upload {file} -c own_store --anyway" in result.output


def test_a_mapping_goes_with_the_file(gateway: Gateway, file: str) -> None:
    result = gateway.run("upload", file, "-c", "own_store", "--map", "price=vlr total", "--map", "at=dt")

    assert result.exit_code == 0, result.output
    assert gateway.bodies[0].count('name="map"') == 2
    assert "price=vlr total" in gateway.bodies[0]
    assert 'name="anyway"' not in gateway.bodies[0]


def test_anyway_goes_with_the_file(gateway: Gateway, file: str) -> None:
    assert gateway.run("upload", file, "-c", "own_store", "--anyway").exit_code == 0
    assert 'name="map"' not in gateway.bodies[0]


def test_with_json_there_is_one_document(gateway: Gateway, file: str) -> None:
    result = gateway.run("upload", file, "-c", "own_store", "--json")

    assert json.loads(result.stdout)["results"][0]["problem"]["tables"][0]["headerId"] == HEADER


@pytest.mark.parametrize("pair", ["price", "=vlr", "price=", " = "])
def test_a_pair_that_is_none_is_wrong_usage(gateway: Gateway, file: str, pair: str) -> None:
    assert gateway.run("upload", file, "-c", "own_store", "--map", pair).exit_code == 2
    assert gateway.run("mappings", "change", HEADER, "--map", pair).exit_code == 2
    assert (gateway.bodies, gateway.sent) == ([], [])


def test_mappings_are_listed_changed_and_forgotten(gateway: Gateway) -> None:
    listed = gateway.run("mappings", "list")
    changed = gateway.run("mappings", "change", HEADER, "--map", "revenue=vlr")
    forgotten = gateway.run("mappings", "forget", HEADER)

    assert [r.exit_code for r in (listed, changed, forgotten)] == [0, 0, 0]
    assert "price=vlr" in listed.output
    assert "Ana" in listed.output
    assert gateway.sent[1:] == [
        ("PUT", f"/api/mappings/{HEADER}", {"columns": {"vlr": "revenue"}}),
        ("DELETE", f"/api/mappings/{HEADER}", {}),
    ]


def test_the_currency_under_a_header_is_changed_and_taken_back(gateway: Gateway) -> None:
    done = [gateway.run("mappings", "change", HEADER, "--currency", code) for code in ("USD", "")]

    assert [one.exit_code for one in done] == [0, 0]
    assert [body for _, _, body in gateway.sent] == [{"currency": "USD"}, {"currency": ""}]
    assert "USD" in done[0].output


def test_a_currency_goes_with_the_file(gateway: Gateway, file: str) -> None:
    gateway.run("upload", file, "-c", "own_store", "--currency", "USD")
    assert 'name="currency"\r\n\r\nUSD' in gateway.bodies[0]


def test_a_change_says_something(gateway: Gateway) -> None:
    assert gateway.run("mappings", "change", HEADER).exit_code == 2
    assert gateway.sent == []


def test_an_agent_proposes_and_it_is_said_what_to_type(tmp_path: Path) -> None:
    file, gateway = tmp_path / "loja.csv", Gateway()
    file.write_text("dt;vlr total\n", "utf-8")
    done = gateway.run("upload", str(file), "--channel", "own_store", "--propose")

    said = " ".join(done.output.split())
    assert done.exit_code == 0, done.output
    assert 'name="propose"' in gateway.bodies[0]
    assert f"marketplace upload {file} -c own_store --map 'revenue=vlr total'" in said
    assert "at=dt" not in said
    assert "Proposed by agent:host/model" in said
    assert "Left out: dt as units (cells)" in said


def test_without_a_proposal_it_is_said_why_and_the_status_tells_it(tmp_path: Path) -> None:
    file, gateway = tmp_path / "loja.csv", Gateway()
    file.write_text("dt;vlr total\n", "utf-8")
    gateway.proposal = {"agent": "", "columns": {}, "dropped": [], "code": "agent-held", "reason": "it is open"}
    done = gateway.run("upload", str(file), "--channel", "own_store", "--propose")

    assert done.exit_code == 1
    assert "The agent proposes nothing (agent-held): it is open" in " ".join(done.output.split())
