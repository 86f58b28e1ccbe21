"""Pages of a large company: people, keys and mappings some at a time, and no list of all people in every row."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.ui.paged import MOST
from gateway.uploads import mapping_store
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

MANY = MOST + 10
_PEOPLE = """
    insert into access.person (person_id, handle, name, role)
    select 'many' || n, 'many-' || lpad(n::text, 3, '0'), 'Pessoa ' || n, 'viewer' from generate_series(1, $1) n"""
_KEYS = """
    insert into access.api_key (key_id, name, role, secret_sha256, person_id)
    select 'many' || n, 'chave ' || n, 'viewer', md5('many' || n), 'many' || n from generate_series(1, $1) n"""
_SIGN_INS = """
    insert into access.session (session_sha256, person_id, key_id, csrf, expires_at)
    select md5('many' || n), case when n > 1 then 'many2' end,
           case when n = 1 then 'many1' end, '', now() + interval '1 h'
      from generate_series(1, 3) n"""
_MAPPINGS = """
    insert into decide.column_mapping (header_id, columns, document, made_by, used_at)
    select 'many' || n, '{"Pedido": "order_id"}', 'vendas-' || n || '.csv', 'ana',
           now() + interval '1 day' - n * interval '1 s'
      from generate_series(1, $1) n"""


@pytest.fixture
async def admin(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    await gateway.pool.execute(_PEOPLE, MANY)
    await gateway.pool.execute(_KEYS, MANY)
    await gateway.pool.execute(_SIGN_INS)
    await gateway.pool.execute(_MAPPINGS, mapping_store.SHOWN + 1)
    gateway.app.state.services.access.people.forget()
    async with httpx.AsyncClient(base_url=gateway.url, headers={"accept-language": "en"}) as client:
        await client.post("/login", data={"key": gateway.keys["admin"]})
        yield client
    for table, column in (
        ("access.session", "session_sha256 in (select md5('many' || n) from generate_series(1, 3) n) or person_id"),
        ("access.api_key", "key_id"),
        ("access.person", "person_id"),
        ("decide.column_mapping", "header_id"),
    ):
        await gateway.pool.execute(f"delete from {table} where {column} like 'many%'")
    gateway.app.state.services.access.people.forget()


@pytest.mark.parametrize("path", ["/people", "/keys"])
async def test_rows_come_some_at_a_time_and_are_found_by_words(admin: httpx.AsyncClient, path: str) -> None:
    first = (await admin.get(path)).text
    assert first.count("data-row") == MOST
    (following,) = re.findall(r'href="([^"]+)" rel="next"', first)
    rest = (await admin.get(following)).text
    assert 0 < rest.count("data-row") <= MOST
    assert set(re.findall(r'data-key="(many[^"]*)"', first)).isdisjoint(re.findall(r'data-key="(many[^"]*)"', rest))
    found = (await admin.get(f"{path}?q=MANY-037")).text
    assert re.findall(r'data-key="(many[^"]*)"', found) == ["many-037" if path == "/people" else "many37"]


async def test_a_page_has_the_people_once_however_many_rows_choose_among_them(
    gateway: Running, admin: httpx.AsyncClient
) -> None:
    plan = await seed.add_plan(gateway.pool, status="executing")
    for number in range(3):
        await seed.add_task(gateway.pool, plan, position=number)
    for path in ("/keys", "/tasks", f"/plans/{plan}"):
        assert (await admin.get(path)).text.count('<option value="many-001"') == 1, path


async def test_people_have_their_keys_and_sign_ins_counted(gateway: Running, admin: httpx.AsyncClient) -> None:
    people = {one.handle: one for one in await gateway.app.state.services.access.people.all()}
    assert [(people[f"many-00{n}"].keys, people[f"many-00{n}"].sign_ins) for n in (1, 2, 3)] == [(1, 1), (1, 2), (1, 0)]


async def test_mappings_come_some_at_a_time(admin: httpx.AsyncClient) -> None:
    first = (await admin.get("/mappings")).text
    assert re.findall(r"vendas-(\d+)\.csv", first) == [str(n) for n in range(1, mapping_store.SHOWN + 1)]
    (following,) = re.findall(r'href="([^"]+)" rel="next"', first)
    assert re.findall(r"vendas-(\d+)\.csv", (await admin.get(following)).text)[:1] == [str(mapping_store.SHOWN + 1)]
    assert (await admin.get("/mappings?cursor=none")).headers["location"] == "/mappings"
