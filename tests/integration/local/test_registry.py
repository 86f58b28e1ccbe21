"""The registry over real HTTP: what clients of Confluent's and Redpanda's registries rely on."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from local.registry.app import create_app

V1 = {"type": "record", "name": "Plan", "fields": [{"name": "id", "type": "string"}]}
V2 = {**V1, "fields": [*V1["fields"], {"name": "note", "type": ["null", "string"], "default": None}]}
BROKEN = {**V1, "fields": [*V1["fields"], {"name": "needed", "type": "string"}]}


def body(schema: object, **more: object) -> dict[str, object]:
    return {"schema": json.dumps(schema), **more}


@pytest.fixture
async def http(registry_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=registry_url) as client:
        yield client


@pytest.fixture
def subject() -> str:
    return f"plan.events-{uuid.uuid4().hex}"


@pytest.fixture
def marked() -> dict[str, Any]:
    """A schema that no other test registers."""
    return {**V1, "namespace": f"n{uuid.uuid4().hex}"}


async def register(http: httpx.AsyncClient, subject: str, schema: object) -> int:
    answer = await http.post(f"/subjects/{subject}/versions", json=body(schema))
    assert answer.status_code == 200, answer.text
    return int(answer.json()["id"])


def error(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["error_code"]


async def test_the_same_schema_gets_the_same_id(http: httpx.AsyncClient, subject: str) -> None:
    """Again, with other white space, with other key order, under another subject: one schema, one id."""
    first = await register(http, subject, V1)
    spaced = {"schema": json.dumps(dict(reversed(V1.items())), indent=4)}

    assert await register(http, subject, V1) == first
    assert (await http.post(f"/subjects/{subject}/versions", json=spaced)).json() == {"id": first}
    assert await register(http, f"{subject}-other", V1) == first
    assert (await http.get(f"/subjects/{subject}/versions")).json() == [1]


async def test_many_at_once_register_one_version(http: httpx.AsyncClient, subject: str, marked: dict[str, Any]) -> None:
    """Every process of a deploy registers at start; they never race into two versions."""
    await asyncio.gather(*(http.get("/subjects") for _ in range(20)))  # opens the database connections
    for number in range(10):
        schema = {**marked, "doc": f"edition {number}"}
        ids = await asyncio.gather(*(register(http, subject, schema) for _ in range(10)))
        assert len(set(ids)) == 1

    assert (await http.get(f"/subjects/{subject}/versions")).json() == list(range(1, 11))


async def test_a_version_is_found_by_number_name_id_and_content(http: httpx.AsyncClient, subject: str) -> None:
    first = await register(http, subject, V1)
    second = await register(http, subject, V2)
    shown = {"subject": subject, "id": second, "version": 2, "schemaType": "AVRO"}

    assert second != first
    for version in ("2", "latest"):
        answer = (await http.get(f"/subjects/{subject}/versions/{version}")).json()
        assert json.loads(answer.pop("schema")) == V2
        assert answer == shown
    assert (await http.get(f"/subjects/{subject}/versions/1/schema")).json() == V1
    assert json.loads((await http.get(f"/schemas/ids/{first}")).json()["schema"]) == V1
    found = (await http.post(f"/subjects/{subject}", json=body(V1))).json()
    assert (found["id"], found["version"]) == (first, 1)
    assert {"subject": subject, "version": 2} in (await http.get(f"/schemas/ids/{second}/versions")).json()
    assert subject in (await http.get(f"/schemas/ids/{second}/subjects")).json()
    assert (await http.get("/subjects", params={"subjectPrefix": subject})).json() == [subject]
    assert subject in (await http.get("/subjects")).json()


async def test_what_is_not_there_has_the_known_codes(http: httpx.AsyncClient, subject: str) -> None:
    missing = f"{subject}-missing"
    await register(http, subject, V1)

    assert error(await http.get(f"/subjects/{missing}/versions")) == (404, 40401)
    assert error(await http.post(f"/subjects/{missing}", json=body(V1))) == (404, 40401)
    assert error(await http.get(f"/subjects/{missing}/versions/latest")) == (404, 40401)
    assert error(await http.get(f"/subjects/{subject}/versions/7")) == (404, 40402)
    assert error(await http.post(f"/subjects/{subject}", json=body(V2))) == (404, 40403)
    assert error(await http.get("/schemas/ids/999999")) == (404, 40403)
    assert error(await http.get("/schemas/ids/99999999999999")) == (404, 40403)
    assert error(await http.get(f"/config/{subject}")) == (404, 40408)
    assert error(await http.get("/nowhere")) == (404, 404)
    assert error(await http.delete("/subjects")) == (405, 405)


@pytest.mark.parametrize("version", ["0", "-2", "first", "1.0", "2147483648", "٣"])
async def test_what_is_no_version_number(http: httpx.AsyncClient, subject: str, version: str) -> None:
    await register(http, subject, V1)
    assert error(await http.get(f"/subjects/{subject}/versions/{version}")) == (422, 42202)


@pytest.mark.parametrize(
    "sent",
    [
        {"schema": "{"},
        {"schema": '{"type": "record", "name": "A"}'},
        {"schema": '{"type": "record", "name": "A", "fields": [{"name": "a", "type": "Unknown"}]}'},
        {"schema": '"nothing"'},
        {"schema": "null"},
        {"schema": 7},
        {},
        [],
        body(V1, schemaType="PROTOBUF"),
        body(V1, references=[{"name": "A", "subject": "a", "version": 1}]),
    ],
)
async def test_an_invalid_schema_is_refused(http: httpx.AsyncClient, subject: str, sent: Any) -> None:
    answer = await http.post(f"/subjects/{subject}/versions", json=sent)

    assert error(answer) == (422, 42201)
    assert error(await http.get(f"/subjects/{subject}/versions")) == (404, 40401)


async def test_a_body_that_is_no_json(http: httpx.AsyncClient, subject: str) -> None:
    assert error(await http.post(f"/subjects/{subject}/versions", content=b"\xff{")) == (400, 400)


# level, first version, second version, is that allowed
LEVELS = [
    ("BACKWARD", V1, V2, True),
    ("BACKWARD", V1, BROKEN, False),
    ("FORWARD", V1, BROKEN, True),
    ("FORWARD", BROKEN, V1, False),
    ("FULL", V1, V2, True),
    ("FULL", V1, BROKEN, False),
    ("FULL", BROKEN, V1, False),
    ("FULL_TRANSITIVE", V1, V2, True),
    ("NONE", V1, {**V1, "name": "Other"}, True),
]


@pytest.mark.parametrize(("level", "old", "new", "allowed"), LEVELS)
async def test_a_level_decides_what_may_follow(
    http: httpx.AsyncClient, subject: str, level: str, old: Any, new: Any, allowed: bool
) -> None:
    await http.put(f"/config/{subject}", json={"compatibility": level})
    await register(http, subject, old)

    verdict = await http.post(f"/compatibility/subjects/{subject}/versions/latest", json=body(new))
    answer = await http.post(f"/subjects/{subject}/versions", json=body(new))

    assert verdict.json() == {"is_compatible": allowed}
    assert answer.status_code == (200 if allowed else 409)
    assert (await http.get(f"/subjects/{subject}/versions")).json() == ([1, 2] if allowed else [1])


@pytest.mark.parametrize(("level", "allowed"), [("BACKWARD", True), ("BACKWARD_TRANSITIVE", False)])
async def test_transitive_levels_look_at_every_version(
    http: httpx.AsyncClient, subject: str, level: str, allowed: bool
) -> None:
    """A field that came with a default and lost it: readable after version 2, not after version 1."""
    await register(http, subject, V1)
    await register(http, subject, V2)
    await http.put(f"/config/{subject}", json={"compatibility": level})
    third = {**V1, "fields": [*V1["fields"], {"name": "note", "type": ["null", "string"]}]}

    verdict = (await http.post(f"/compatibility/subjects/{subject}/versions", json=body(third))).json()
    answer = await http.post(f"/subjects/{subject}/versions", json=body(third))

    assert verdict["is_compatible"] is allowed
    assert answer.status_code == (200 if allowed else 409)


async def test_a_refusal_says_every_reason(http: httpx.AsyncClient, subject: str) -> None:
    await register(http, subject, V1)
    path = f"/compatibility/subjects/{subject}/versions/1"

    verdict = (await http.post(path, params={"verbose": "true"}, json=body(BROKEN))).json()
    answer = await http.post(f"/subjects/{subject}/versions", json=body(BROKEN))

    reason = "the new schema cannot read version 1: $.needed: not written, and has no default"
    assert verdict == {"is_compatible": False, "messages": [reason]}
    assert error(answer) == (409, 409)
    assert reason in answer.json()["message"]


async def test_levels_are_kept_per_subject_and_globally(http: httpx.AsyncClient, subject: str) -> None:
    assert (await http.get("/config")).json() == {"compatibilityLevel": "BACKWARD"}
    put = await http.put(f"/config/{subject}", json={"compatibility": "full_transitive"})
    default = await http.get(f"/config/{subject}-x", params={"defaultToGlobal": "true"})

    assert put.json() == {"compatibility": "FULL_TRANSITIVE"}
    assert (await http.get(f"/config/{subject}")).json() == {"compatibilityLevel": "FULL_TRANSITIVE"}
    assert default.json() == {"compatibilityLevel": "BACKWARD"}
    assert error(await http.put("/config", json={"compatibility": "SOME"})) == (422, 42203)


async def test_the_service_says_what_it_speaks(http: httpx.AsyncClient) -> None:
    answer = await http.get("/schemas/types")

    assert answer.json() == ["AVRO"]
    assert answer.headers["content-type"] == "application/vnd.schemaregistry.v1+json"
    assert (await http.get("/")).status_code == 200


def test_all_is_kept_in_the_database(database_url: str) -> None:
    """A second registry on the same database has everything, and makes its tables only once."""
    with TestClient(create_app(database_url)) as first:
        created = first.post("/subjects/s/versions", json=body(V1)).json()
        first.put("/config", json={"compatibility": "NONE"})
    with TestClient(create_app(database_url)) as second:
        assert second.get("/subjects").json() == ["s"]
        assert second.post("/subjects/s", json=body(V1)).json()["id"] == created["id"]
        assert second.get("/config").json() == {"compatibilityLevel": "NONE"}


async def test_a_subject_that_imports_takes_ids_as_they_are_given(
    http: httpx.AsyncClient, subject: str, marked: dict[str, Any]
) -> None:
    """As a restore wants it: records carry the ids of another registry. Before and after it none is taken."""
    free = await register(http, f"{subject}-before", {**marked, "doc": "before"}) + 1000
    given = body(marked, id=free, version=3)

    assert error(await http.post(f"/subjects/{subject}/versions", json=given)) == (422, 42205)
    assert error(await http.put(f"/mode/{subject}", json={"mode": "LOUD"})) == (422, 42204)
    assert (await http.put(f"/mode/{subject}", json={"mode": "IMPORT"})).json() == {"mode": "IMPORT"}
    for _ in range(2):
        assert (await http.post(f"/subjects/{subject}/versions", json=given)).json() == {"id": free}
    shown = (await http.get(f"/subjects/{subject}/versions/3")).json()
    assert (shown["id"], json.loads(shown["schema"])) == (free, marked)
    assert (await http.put(f"/mode/{subject}", json={"mode": "IMPORT"})).json() == {"mode": "IMPORT"}  # it does already
    for doc, id_, version in (("another", free + 1, 3), (None, free, 5)):  # the version, or the schema, has its place
        elsewhere = body({**marked, **({"doc": doc} if doc else {})}, id=id_, version=version)
        assert error(await http.post(f"/subjects/{subject}/versions", json=elsewhere)) == (422, 42205)
    assert (await http.get(f"/schemas/ids/{free + 1}")).status_code == 404
    other = body({**marked, "doc": "other"}, id=free, version=4)
    assert error(await http.post(f"/subjects/{subject}/versions", json=other)) == (422, 42205)
    assert error(await http.post(f"/subjects/{subject}/versions", json=body(marked, id=0, version=1))) == (422, 42201)

    assert (await http.delete(f"/mode/{subject}")).json() == {"mode": "READWRITE"}
    assert error(await http.post(f"/subjects/{subject}/versions", json=given)) == (422, 42205)
    assert error(await http.put(f"/mode/{subject}", json={"mode": "IMPORT"})) == (422, 42205)  # it has versions
    assert await register(http, f"{subject}-after", {**marked, "doc": "after"}) > free
