"""Uncertain columns: the upload is refused with what was seen, a person maps them, and the mapping is kept."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from gateway.commands import commands
from gateway.uploads import mapping_store
from tests.integration.gateway.gateway_running import Running, contents

UPLOAD = "/api/marketplace/analysis/upload"


class Store:
    """An own store's table with a header of its own. `vlr` can be a price or a total: nobody can know."""

    def __init__(self) -> None:
        self.mark = f"c{uuid4().hex[:8]}"
        self.body = (
            f"{self.mark};dt;cliente_nome;prod;qtd;vlr\n"
            "a1;01/03/2026;Zuleica Prado;Camisa;2;50,00\na2;02/03/2026;Ana Lima;Meia;1;30,00\n"
            "a3;03/03/2026;Rui Melo;Calça;3;80,00\n"
        ).encode()

    async def send(self, api: httpx.AsyncClient, path: str = UPLOAD, body: bytes = b"", **data: Any) -> httpx.Response:
        return await api.post(
            path, files={"file": ("loja.csv", body or self.body)}, data={"channels": "own_store", **data}
        )


@pytest.fixture
def store() -> Store:
    return Store()


async def header_of(api: httpx.AsyncClient, store: Store) -> str:
    refused = await store.send(api)
    assert (refused.status_code, refused.json()["type"]) == (422, "/docs#columns-not-sure"), refused.text
    header: str = refused.json()["tables"][0]["headerId"]
    return header


def mapping(header: str, **said: str) -> str:
    return orjson.dumps({header: {column: field for field, column in said.items()}}).decode()


def revenue(answer: httpx.Response) -> float | None:
    assert answer.status_code == 200, answer.text
    channels = answer.json()["channels"]
    return channels[0]["revenue"] if channels else None


async def facts_of(gateway: Running, plan_id: str) -> dict[str, Any]:
    facts: dict[str, Any] = orjson.loads(
        await gateway.pool.fetchval("select facts from decide.document where plan_id = $1", plan_id)
    )
    return facts


async def test_what_is_not_sure_is_refused_with_its_columns(
    gateway: Running, api: httpx.AsyncClient, store: Store
) -> None:
    before = await contents(gateway.pool)
    problem = (await store.send(api)).json()

    columns = {column["header"]: column for column in problem["tables"][0]["columns"]}
    assert columns["vlr"]["samples"] == ["50,00", "30,00", "80,00"]
    assert columns["vlr"]["confidence"] < 0.6
    assert "Zuleica" not in orjson.dumps(problem).decode()
    assert {"field": "price", "pt": "Preço por unidade", "en": "Price of a unit"} in problem["fields"]
    assert await contents(gateway.pool) == before


async def test_a_look_shows_the_sums_of_the_mapping_in_hand(
    gateway: Running, api: httpx.AsyncClient, store: Store
) -> None:
    header = await header_of(api, store)
    before = await contents(gateway.pool)
    looks = {
        field: await store.send(api, f"{UPLOAD}/preview", mapping=mapping(header, **{field: "vlr", "units": "qtd"}))
        for field in ("price", "revenue")
    }
    none = await store.send(api, f"{UPLOAD}/preview")

    assert {field: revenue(look) for field, look in looks.items()} == {"price": 370, "revenue": 160}
    said = looks["price"].json()
    assert said["sure"]
    assert (said["channels"][0]["units"], said["channels"][0]["period"]) == (6, ["2026-03-01", "2026-03-03"])
    assert (none.json()["sure"], none.json()["channels"]) == (False, [])
    assert await contents(gateway.pool) == before
    assert await gateway.pool.fetchval("select count(*) from decide.column_mapping where header_id = $1", header) == 0


async def test_a_mapping_is_kept_and_used_for_the_same_header(
    gateway: Running, api: httpx.AsyncClient, store: Store
) -> None:
    first = await store.send(api, map=["price=vlr", "units=qtd"])
    assert first.status_code == 202, first.text
    again = await store.send(api, body=store.body.replace(b"50,00", b"60,00"))
    assert again.status_code == 202, again.text
    table = (await facts_of(gateway, again.json()["planId"]))["tables"][0]

    assert (table["kind"], table["mapped_by"]) == ("sales", "the admin")
    assert table["mapped_at"].startswith("20")
    shown = (await api.get("/api/mappings")).json()["items"]
    kept = next(one for one in shown if one["headerId"] == table["header_id"])
    assert kept["columns"] == {"vlr": "price", "qtd": "units"}
    assert (kept["madeBy"], kept["document"]) == ("the admin", "loja.csv")


@pytest.mark.parametrize("moment", ["uploads.before_commit", "uploads.committed"])
async def test_a_mapping_is_kept_with_its_plan_or_neither_is(
    gateway: Running, api: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """A gateway that dies once the plan is accepted: the next file with this header asks nobody again."""

    def dying(point: str) -> None:
        if point == moment:
            raise RuntimeError(f"died at {moment}")

    monkeypatch.setattr(commands, "crashpoint", dying)
    assert (await store.send(api, map=["price=vlr", "units=qtd"])).status_code == 500
    monkeypatch.undo()

    committed = moment == "uploads.committed"
    plans = await gateway.pool.fetchval(
        "select count(*) from decide.document where facts::text like '%' || $1 || '%'", store.mark
    )
    assert plans == committed
    other = await store.send(api, body=store.body.replace(b"50,00", b"60,00"))
    assert other.status_code == (202 if committed else 422), other.text


async def test_a_plan_whose_mapping_cannot_be_kept_is_not_accepted(
    gateway: Running, api: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await contents(gateway.pool)

    async def failing(*_: object) -> None:
        raise RuntimeError("no row is written")

    monkeypatch.setattr(mapping_store, "keep", failing)
    assert (await store.send(api, map=["price=vlr", "units=qtd"])).status_code == 500
    assert await contents(gateway.pool) == before


async def test_a_repeated_upload_does_not_bring_an_older_mapping_back(
    gateway: Running, api: httpx.AsyncClient, store: Store
) -> None:
    async with gateway.client("admin", **{"idempotency-key": f"k-{store.mark}"}) as sender:
        first = await store.send(sender, map=["price=vlr", "units=qtd"])
        header = (await facts_of(gateway, first.json()["planId"]))["tables"][0]["header_id"]
        await api.put(f"/api/mappings/{header}", json={"columns": {"vlr": "revenue"}})

        again = await store.send(sender, map=["price=vlr", "units=qtd"])

    assert (again.status_code, again.json()["planId"]) == (202, first.json()["planId"])
    shown = (await api.get("/api/mappings")).json()["items"]
    assert next(one["columns"] for one in shown if one["headerId"] == header) == {"vlr": "revenue", "qtd": "units"}


async def test_the_same_file_with_another_mapping_is_another_reading(api: httpx.AsyncClient, store: Store) -> None:
    as_price: dict[str, Any] = {"map": ["price=vlr", "units=qtd"]}
    as_total: dict[str, Any] = {"map": ["revenue=vlr", "units=qtd"]}
    text_only = await store.send(api, anyway="true")
    first = await store.send(api, **as_price)
    same = [await store.send(api, **as_price), await store.send(api)]  # by what came with it, and by what is kept
    other = await store.send(api, **as_total)

    assert [a.status_code for a in (text_only, first, other)] == [202, 202, 202]
    assert [a.status_code for a in same] == [409, 409]
    assert {a.json()["planId"] for a in same} == {first.json()["planId"]}


async def test_a_key_comes_with_one_mapping(api: httpx.AsyncClient, store: Store) -> None:
    headers = {"Idempotency-Key": uuid4().hex}
    files = {"file": ("loja.csv", store.body)}
    answers = [
        await api.post(UPLOAD, files=files, data={"channels": "own_store", "map": [one, "units=qtd"]}, headers=headers)
        for one in ("price=vlr", "price=vlr", "revenue=vlr")
    ]
    assert [a.status_code for a in answers] == [202, 202, 422]
    assert answers[2].json()["type"] == "/docs#key-reused"


async def test_anyway_makes_a_plan_that_says_what_was_seen(
    gateway: Running, api: httpx.AsyncClient, store: Store
) -> None:
    answer = await store.send(api, anyway="true")
    facts = await facts_of(gateway, answer.json()["planId"])
    assert (facts["channels"], facts["mapping"]) == ([], "")
    told = " ".join(facts["tables"][0]["warnings"])
    assert "diga o que é cada coluna" in told
    assert "Colunas vistas" in told


async def test_what_is_no_sale_asks_nobody(api: httpx.AsyncClient) -> None:
    prices = f"SKU;Produto;Preço\nA{uuid4().hex[:6]};Caneca;5,00\nB2;Prato;7,00\n".encode()
    prose = f"# Notas {uuid4().hex}\n\nAs vendas caíram em março.\n".encode()
    files = {"precos.csv": prices, "notas.md": prose}
    answers = [await api.post(UPLOAD, files={"file": (n, b)}, data={"channels": "own_store"}) for n, b in files.items()]
    assert [a.status_code for a in answers] == [202, 202]


async def test_a_person_says_which_column_is_the_cost(gateway: Running, api: httpx.AsyncClient) -> None:
    """The mapping is kept by the header, so the next list with these columns needs nobody."""
    mark = f"ref{uuid4().hex[:6]}"
    body = f"{mark};artigo_x;vlr\nA-{mark};Camisa;20,00\nB-{mark};Meia;7,00\n".encode()

    async def send(path: str, **data: Any) -> httpx.Response:
        return await api.post(path, files={"file": ("tabela.csv", body)}, data={"currency": "BRL", **data})

    asked = await send("/api/marketplace/costs")
    assert (asked.status_code, asked.json()["type"]) == (422, "/docs#columns-not-sure"), asked.text
    told = await send("/api/marketplace/costs", map=[f"sku={mark}", "cost=vlr"])
    assert (told.status_code, told.json()["costs"]) == (200, 2), told.text
    again = await send(UPLOAD, channels="own_store")
    assert (again.status_code, again.json()["outcome"], again.json()["costsChanged"]) == (200, "kept", 0), again.text


async def test_a_table_of_costs_is_called_so_and_asked_about_costs(gateway: Running, api: httpx.AsyncClient) -> None:
    """The page offers no field of a sale; the column was taken for a cost, and confirming keeps it so."""
    mark = f"ref{uuid4().hex[:6]}"
    file = {"file": ("tabela.csv", f"{mark};artigo_x;vlr\nA-{mark};Camisa;20,00\nB-{mark};Meia;7,00\n".encode())}
    words = {"accept-language": "pt-BR"}

    async def send(path: str, **data: Any) -> httpx.Response:
        return await api.post(path, files=file, data=data, headers=words)

    asked = await send("/costs/upload", currency="BRL")
    text = html.unescape(asked.text)
    offered = [html.unescape(one) for one in re.findall(r'<option value="(\[[^"]*)"', asked.text)]
    (header,) = {orjson.loads(one)[0] for one in offered}
    chosen = [html.unescape(one) for one in re.findall(r'<option value="(\[[^"]*)" selected', asked.text)]
    shown = {column: field for _, column, field in map(orjson.loads, chosen)}
    picks = [orjson.dumps([header, column, field]).decode() for column, field in ((mark, "sku"), ("vlr", "cost"))]
    seen = await send("/plans/upload/mapping", pick=picks, currency="BRL")
    of_sales = await send("/plans/upload/mapping", pick=picks, channels="own_store")
    kept = await send("/plans/upload/mapped", pick=picks, currency="BRL")

    assert asked.status_code == 422
    assert "Deve ser uma tabela de custos ou estoque" in text
    assert ('label="Vendas"' in text, "Custo por unidade" in text, "Quantidade vendida" in text) == (False, True, False)
    assert shown["vlr"] == "cost"
    assert '<option value="BRL" selected>' in text
    assert "2 SKUs com custo" in seen.text
    assert (": custos</p>" in of_sales.text, 'label="Vendas"' in of_sales.text) == (True, True)
    assert (kept.status_code, kept.headers["location"]) == (303, "/costs")
    rows = await gateway.pool.fetch("select unit_cost from decide.unit_cost where sku like $1 order by 1", f"%-{mark}")
    assert [row["unit_cost"] for row in rows] == [7.0, 20.0]


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("unknown field", {"map": "preco=vlr"}, "'preco' is no field"),
    ("unknown column", {"map": "price=valor"}, "no table has the column valor; there are:"),
    ("two columns for one field", {"map": ["price=vlr", "price=qtd"]}, "gives the field price to two columns"),
    ("one column for two fields", {"map": ["price=vlr", "units=vlr"]}, "gives the column vlr to two fields"),
    ("a buyer's column", {"map": ["title=cliente_nome", "price=vlr"]}, "tells who buyers are"),
    ("no pair", {"map": "price"}, "not like price=valor_total"),
    ("another file's header", {"mapping": mapping("0123456789abcdef", price="vlr")}, "no table with the headerId"),
    ("no JSON", {"mapping": "price=vlr"}, "takes JSON"),
    ("a list", {"mapping": "[1]"}, "takes JSON"),
    ("deeper", {"mapping": '{"a": {"vlr": {"b": 1}}}'}, "takes JSON"),
    ("both", {"mapping": mapping("a", price="vlr"), "map": "price=vlr"}, "beside mapping"),
    ("anyway?", {"anyway": "maybe"}, "true or false"),
    ("a long mapping", {"mapping": "x" * 70_000}, "64 KiB"),
    ("nonsense of a dropdown", {"pick": "{"}, "what a dropdown"),
]


@pytest.mark.parametrize("path", [UPLOAD, f"{UPLOAD}/preview"])
@pytest.mark.parametrize(("what", "fields", "word"), WRONG, ids=[w[0] for w in WRONG])
async def test_a_mapping_without_sense_changes_nothing(
    gateway: Running, api: httpx.AsyncClient, store: Store, path: str, what: str, fields: dict[str, Any], word: str
) -> None:
    before = await contents(gateway.pool)
    mappings = await gateway.pool.fetchval("select count(*) from decide.column_mapping")
    answer = await store.send(api, path, **fields)
    assert answer.status_code == 422, answer.text
    assert word in answer.json()["detail"]
    assert "Zuleica" not in answer.text
    assert await contents(gateway.pool) == before
    assert await gateway.pool.fetchval("select count(*) from decide.column_mapping") == mappings


async def test_too_little_is_asked_again(api: httpx.AsyncClient, store: Store) -> None:
    every = dict.fromkeys((store.mark, "dt", "prod", "qtd"), "ignore")
    header = await header_of(api, store)
    little = orjson.dumps({header: {**every, "vlr": "revenue"}}).decode()
    answer = await store.send(api, mapping=little)
    assert (answer.status_code, answer.json()["type"]) == (422, "/docs#columns-not-sure")


async def test_a_mapping_is_changed_and_forgotten(gateway: Running, api: httpx.AsyncClient, store: Store) -> None:
    made = await store.send(api, map=["price=vlr", "units=qtd"])
    header = (await facts_of(gateway, made.json()["planId"]))["tables"][0]["header_id"]
    path = f"/api/mappings/{header}"
    wrong = [
        await api.put(path, json={"columns": columns})
        for columns in ({"vlr": "valor"}, {"valor": "price"}, {"vlr": "units"}, {})
    ]
    changed = await api.put(path, json={"columns": {"vlr": "revenue"}})
    look = await store.send(api, f"{UPLOAD}/preview")
    gone = [await api.delete(path) for _ in range(2)]

    assert [a.status_code for a in wrong] == [422] * 4
    assert changed.json()["columns"] == {"vlr": "revenue", "qtd": "units"}
    assert revenue(look) == 160
    assert [a.status_code for a in gone] == [204, 404]
    assert (await api.put(path, json={"columns": {"vlr": "price"}})).status_code == 404
    assert (await store.send(api)).status_code == 422


async def test_a_viewer_looks_and_changes_nothing(gateway: Running, store: Store) -> None:
    async with gateway.client("viewer") as viewer:
        assert (await viewer.get("/api/mappings")).status_code == 200
        assert (await viewer.delete("/api/mappings/0123456789abcdef")).status_code == 403
        assert (await store.send(viewer, f"{UPLOAD}/preview")).status_code == 403
