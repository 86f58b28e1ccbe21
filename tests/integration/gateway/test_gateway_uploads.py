"""Uploads over HTTP: taken, refused, broken off; nothing stays behind."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from gateway.settings import Settings
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import OFF, Running, contents, one_row, serving
from tests.support.patience import PATIENCE_S

PLANS = "/api/marketplace/analysis"
UPLOAD = f"{PLANS}/upload"
CSV = b"Data;SKU;Produto;Quantidade;Valor total\n01/04/2026;A1;Caneca;2;59,80\n02/04/2026;A2;Prato;1;19,90\n"


def fresh() -> bytes:
    return CSV + f"03/04/2026;{uuid4().hex[:8]};Copo;1;9,90\n".encode()


async def send(
    api: httpx.AsyncClient, body: bytes | None = None, name: str = "abril.csv", **data: Any
) -> httpx.Response:
    headers = data.pop("headers", None)
    fields = {"channels": "shopee", **data}
    return await api.post(
        UPLOAD, files={"file": (name, fresh() if body is None else body)}, data=fields, headers=headers
    )


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of uploads that are being read; each test must leave it empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


async def test_an_upload_becomes_a_plan(gateway: Running, api: httpx.AsyncClient) -> None:
    body = fresh()
    answer = await send(
        api, body, "C:\\relatórios\\abril 2026.csv", channels="shopee, amazon", unnamed="amazon", priority="high"
    )
    assert answer.status_code == 202, answer.text
    said = answer.json()
    assert answer.headers["location"] == said["links"]["self"]
    assert (said["status"], said["version"], said["outcome"]) == ("analyzing", 1, "accepted")
    row = await one_row(gateway.pool, "select * from decide.outbox where key = $1", said["planId"])
    data = orjson.loads(row["data"])
    assert row["type"] == "plan.uploaded"
    assert (await seed.upload_of(gateway.pool, row["key"]))["filename"] == "abril 2026.csv"
    assert data["channels"] == ["shopee", "amazon"]
    assert (data["priority"], data["size_bytes"], data["media_type"]) == ("high", len(body), "text/csv")
    document = await one_row(gateway.pool, "select * from decide.document where plan_id = $1", row["key"])
    assert document["sha256"] == data["sha256"]
    assert orjson.loads(document["facts"])["media_type"] == "text/csv"


async def test_the_same_file_again(gateway: Running, api: httpx.AsyncClient) -> None:
    body = fresh()
    first = (await send(api, body)).json()
    again = await send(api, body, "other name.csv")
    assert again.status_code == 409
    problem = again.json()
    assert problem["planId"] == first["planId"]
    assert problem["links"]["self"] == first["links"]["self"]
    assert problem["currentStatus"] == "analyzing"
    assert (await send(api, body, channels="amazon")).status_code == 202
    wanted = await send(api, body, again="true")
    assert wanted.status_code == 202
    assert wanted.json()["planId"] != first["planId"]


@pytest.mark.parametrize(
    ("version", "seen", "decision", "said"),
    [
        (1, "analyzing", None, "analyzing"),
        (2, "awaiting_approval", None, "awaiting_approval"),
        (2, "awaiting_approval", "approve", "approved"),  # accepted, and not in the read model yet
        (4, "executing", "approve", "executing"),
    ],
)
async def test_the_same_file_again_is_told_where_its_plan_stands(
    gateway: Running, api: httpx.AsyncClient, version: int, seen: str, decision: str | None, said: str
) -> None:
    """The head that decides learns of an analysis only with the next decision; people are told what the pages show."""
    body = fresh()
    plan_id = UUID((await send(api, body)).json()["planId"])
    await seed.add_plan(gateway.pool, plan_id=plan_id, status="awaiting_approval", head=False)
    if decision:
        assert (await api.patch(f"{PLANS}/{plan_id}", json={"action": decision})).status_code == 202
    await gateway.pool.execute(
        "update rm.plan set status = $2, version = $3 where plan_id = $1", plan_id, seen, version
    )

    assert (await send(api, body)).json()["currentStatus"] == said


async def test_the_same_file_twice_at_once(gateway: Running, api: httpx.AsyncClient) -> None:
    body = fresh()
    answers = await asyncio.gather(*(send(api, body) for _ in range(3)))
    assert sorted(a.status_code for a in answers) == [202, 409, 409]


async def test_an_idempotency_key(gateway: Running, api: httpx.AsyncClient) -> None:
    body, headers = fresh(), {"Idempotency-Key": uuid4().hex}
    first = await send(api, body, headers=headers)
    again = await send(api, body, headers=headers)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["planId"] == again.json()["planId"]
    assert again.headers["idempotent-replayed"] == "true"
    other = await send(api, fresh(), headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "/docs#key-reused")


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("no channel", {"channels": ""}, 422, "Known channels: mercado_livre"),
    ("unknown channel", {"channels": "ebay"}, 422, "Known channels: mercado_livre"),
    ("channel twice", {"channels": ["shopee", "shopee"]}, 422, "twice"),
    ("unknown priority", {"priority": "urgent"}, 422, "high, normal, low"),
    ("title of two lines", {"title": "a\nb"}, 422, "one line"),
    ("NUL in the title", {"title": "a\0b"}, 422, "control"),
    ("long title", {"title": "x" * 300}, 422, "200"),
    ("again?", {"again": "perhaps"}, 422, "true or false"),
    ("title twice", {"title": ["a", "b"]}, 422, "more than once"),
    ("unknown field", {"chanels": "shopee"}, 422, "no field"),
    ("long field", {"title": "x" * 20_000}, 422, "8 KiB"),
    ("empty file", {"body": b""}, 422, "export"),
    ("not what it says", {"name": "a.pdf"}, 415, ""),
    ("a program", {"name": "a.exe", "body": b"MZ" + bytes(200)}, 415, ""),
]


@pytest.mark.parametrize(("what", "fields", "status", "word"), REFUSED, ids=[r[0] for r in REFUSED])
async def test_refused(
    gateway: Running, api: httpx.AsyncClient, what: str, fields: dict[str, Any], status: int, word: str
) -> None:
    before = await contents(gateway.pool)
    answer = await send(api, **fields)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert word in answer.json()["detail"]
    assert await contents(gateway.pool) == before


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    suffix = f'; filename="{filename}"' if filename is not None else ""
    return f'--B\r\nContent-Disposition: form-data; name="{name}"{suffix}\r\n\r\n'.encode() + content + b"\r\n"


CHANNEL = part("channels", b"shopee")
END = b"--B--\r\n"
FORM = "multipart/form-data; boundary=B"
RAW: list[tuple[str, str, bytes, int, str]] = [
    ("JSON", "application/json", b"{}", 415, "multipart/form-data"),
    ("no boundary", "multipart/form-data", b"x", 400, "boundary"),
    ("long boundary", "multipart/form-data; boundary=" + "x" * 500, b"x", 400, "oundary"),
    ("no form at all", FORM, b"hello", 400, ""),
    ("nothing", FORM, b"", 400, "ends"),
    ("no file", FORM, CHANNEL + END, 422, "missing"),
    ("file as text", FORM, CHANNEL + part("file", CSV) + END, 422, "file name"),
    ("file elsewhere", FORM, CHANNEL + part("document", CSV, "a.csv") + END, 422, "part 'file'"),
    ("two files", FORM, CHANNEL + part("file", CSV, "a.csv") + part("file", CSV, "b.csv") + END, 422, "one document"),
    ("cut off", FORM, CHANNEL + part("file", CSV, "a.csv"), 400, "ends in the middle"),
    ("no name", FORM, b"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n" + END, 400, "no name"),
    ("many parts", FORM, CHANNEL * 60 + END, 400, "more than 50"),
    ("not UTF-8", FORM, part("title", b"\xff") + CHANNEL + part("file", CSV, "a.csv") + END, 422, "UTF-8"),
    ("many headers", FORM, b"--B\r\n" + b"X: y\r\n" * 5000 + b"\r\nx\r\n" + END, 400, ""),
]


@pytest.mark.parametrize(("what", "kind", "body", "status", "word"), RAW, ids=[r[0] for r in RAW])
async def test_forms_that_are_none(
    gateway: Running, api: httpx.AsyncClient, what: str, kind: str, body: bytes, status: int, word: str
) -> None:
    before = await contents(gateway.pool)
    answer = await api.post(UPLOAD, content=body, headers={"content-type": kind})
    assert answer.status_code == status, answer.text
    assert word in answer.json()["detail"]
    assert await contents(gateway.pool) == before


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "a\u202egpj.csv", "\u0001.csv", "x" * 500 + ".csv", "é.CSV"])
async def test_file_names_are_made_harmless(gateway: Running, api: httpx.AsyncClient, name: str) -> None:
    answer = await send(api, fresh(), name)
    kept = (await seed.upload_of(gateway.pool, answer.json()["planId"]))["filename"]
    assert "/" not in kept
    assert len(kept) <= 120
    assert kept.lower().endswith("csv")
    assert kept.isprintable()


@pytest.fixture
async def small(gateway: Running, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway that takes documents of 100 kB."""
    async with taking_little(gateway, database_url, PATIENCE_S) as client:
        yield client


@pytest.fixture
async def impatient(gateway: Running, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the same that gives an upload a second."""
    async with taking_little(gateway, database_url, 1.0) as client:
        yield client


@asynccontextmanager
async def taking_little(gateway: Running, database_url: str, timeout_s: float) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(database_url=database_url, limits=OFF, max_upload_bytes=100_000, upload_timeout=timeout_s)
    headers = {"authorization": f"Bearer {gateway.keys['analyst']}"}
    async with (
        serving(settings) as (url, _),
        httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE_S) as client,
    ):
        yield client


async def test_too_large_is_refused_by_its_announced_length(gateway: Running, small: httpx.AsyncClient) -> None:
    answer = await send(small, b"x" * 3_000_000)
    assert answer.status_code == 413
    assert answer.json()["limit"] == 100_000


@asynccontextmanager
async def raw(
    url: str, key: str, length: int | None, accept: str = "*/*"
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection that has sent the head of an upload; without a length the body is chunked."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    size = f"Content-Length: {length}" if length is not None else "Transfer-Encoding: chunked"
    head = ("Host: x", f"Authorization: Bearer {key}", f"Content-Type: {FORM}", f"Accept: {accept}", size)
    writer.write("\r\n".join((f"POST {UPLOAD} HTTP/1.1", *head, "", "")).encode())
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def test_too_large_is_refused_before_its_end(gateway: Running, small: httpx.AsyncClient) -> None:
    async with raw(str(small.base_url), gateway.keys["analyst"], None) as (reader, writer):
        body = CHANNEL + part("file", b"1;2\n" * 100_000, "a.csv")
        writer.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")  # and more would follow
        await writer.drain()
        assert (await reader.readline()).split()[1] == b"413"


async def test_an_upload_that_never_ends_is_given_up(gateway: Running, impatient: httpx.AsyncClient) -> None:
    async with raw(str(impatient.base_url), gateway.keys["analyst"], 90_000) as (reader, writer):
        writer.write(CHANNEL + part("file", b"a;b\n", "a.csv"))
        assert (await reader.readline()).split()[1] == b"408"
        # and the connection is not kept for the rest
        assert b"onnection: close" in await asyncio.wait_for(reader.read(), PATIENCE_S)


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
@pytest.mark.parametrize("part_sent", [0.3, 1.0])
async def test_a_client_that_leaves_leaves_nothing_behind(
    gateway: Running, api: httpx.AsyncClient, folder: Path, part_sent: float, accept: str
) -> None:
    before = await contents(gateway.pool)
    body = CHANNEL + part("file", fresh() * 2000, "a.csv") + END
    url, key = str(api.base_url), gateway.keys["analyst"]
    async with raw(url, key, len(body), accept) as (_, writer):
        writer.write(body[: int(len(body) * part_sent)])
        await writer.drain()
        async with asyncio.timeout(PATIENCE_S):
            while not any(folder.iterdir()):
                await asyncio.sleep(0.005)
            writer.close()
            while any(folder.iterdir()):
                await asyncio.sleep(0.02)
    assert await contents(gateway.pool) == before


TWO_CHANNELS = (
    "Data;Pedido;SKU;Canal;Quantidade;Valor total\n01/04/2026;1;A1;Shopee;2;59,80\n02/04/2026;2;A2;Amazon;1;19,90\n"
)


def of_two_channels() -> bytes:
    return f"{TWO_CHANNELS}03/04/2026;{uuid4().hex[:8]};A1;Shopee;1;29,90\n".encode()


async def test_one_of_several_files_is_analysed_for_its_own_channels_only(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    body = of_two_channels()
    answer = await send(api, body, channels="shein,amazon", narrow="true")
    assert answer.status_code == 202, answer.text
    said = answer.json()
    assert (said["channels"], said["found"]) == (["amazon"], ["amazon", "shopee"])
    kept = await gateway.pool.fetchval("select channels from decide.document where plan_id = $1::uuid", said["planId"])
    assert kept == ["amazon"]
    again = await send(api, body, channels="amazon,magalu", narrow="true")
    assert (again.status_code, again.json()["planId"]) == (409, said["planId"])
    assert (again.json()["channels"], again.json()["found"]) == (["amazon"], ["amazon", "shopee"])


async def test_a_file_of_other_channels_alone_makes_no_plan(gateway: Running, api: httpx.AsyncClient) -> None:
    before = await contents(gateway.pool)
    answer = await send(api, of_two_channels(), channels="shein", narrow="true")
    assert (answer.status_code, answer.json()["type"]) == (422, "/docs#other-channels")
    assert answer.json()["found"] == ["amazon", "shopee"]
    assert await contents(gateway.pool) == before


async def lines_of(api: httpx.AsyncClient, body: bytes, **data: Any) -> tuple[httpx.Response, list[dict[str, Any]]]:
    """Upload, and hear what is said meanwhile."""
    fields = {"channels": "shopee", **data}
    accept = {"accept": "application/x-ndjson"}
    sent = api.stream("POST", UPLOAD, files={"file": ("abril.csv", body)}, data=fields, headers=accept)
    async with sent as answer:
        return answer, [orjson.loads(line) async for line in answer.aiter_lines()]


async def test_how_far_the_reading_is_is_told_before_the_answer(gateway: Running, api: httpx.AsyncClient) -> None:
    answer, lines = await lines_of(api, fresh())
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
    assert lines[0] == {"reading": {"stage": "figures", "at": 0, "of": 0, "rows": 4}}
    assert lines[-1]["status"] == 202
    plan = lines[-1]["body"]["planId"]
    assert lines[-1]["headers"]["location"] == f"{PLANS}/{plan}"
    assert await gateway.pool.fetchval("select count(*) from decide.outbox where key = $1", plan) == 1


async def test_a_refusal_is_told_as_the_last_line_and_a_wrong_form_at_once(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    before = await contents(gateway.pool)
    _, lines = await lines_of(api, b"")
    assert (lines[-1]["status"], lines[-1]["body"]["code"]) == (422, "empty-file")
    answer, _ = await lines_of(api, fresh(), channels="ebay")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert await contents(gateway.pool) == before
