"""Waiting records with nothing but the command line: chosen by cause and by plan, tried now, given up."""

from __future__ import annotations

import uuid

import asyncpg
import pytest

from tests.integration.cli.conftest import Marketplace
from tests.support.letters import add_letter, add_waiting


@pytest.fixture(scope="module")
def processes() -> tuple[str, ...]:
    """The processes that these commands need."""
    return ("gateway",)


async def test_what_fits_is_tried_now_and_given_up(marketplace: Marketplace) -> None:
    code = f"Cause{uuid.uuid4().hex[:8]}"
    one, two = [str(uuid.uuid4()) for _ in range(2)]
    async with asyncpg.create_pool(marketplace.database_url, min_size=0, max_size=1) as pool:
        tried = [await add_waiting(pool, plan=one, offset=n, code=code) for n in (1, 2)]
        head = await add_waiting(pool, plan=two, offset=3, code="Other")
        behind = await add_waiting(pool, plan=two, offset=4, code="", behind=head)
        letter = await add_letter(pool, plan=two, code=code)

        assert "Try 2 waiting records now?" in marketplace("retries", "now", "--code", code, status=2).stderr
        now = marketplace.json("retries", "now", "--code", code, "--yes")["results"]
        listed = marketplace.json("retries", "list", "--plan", two)["items"]
        given_up = marketplace.json("retries", "give-up", "--plan", two, "--reason", "não serve", "--yes")["results"]

        assert {r["recordId"] for r in now} == set(tried)
        assert now[0]["outcome"] == "accepted"
        assert {r["recordId"] for r in listed} == {head, behind}
        assert [(r["recordId"], r["outcome"]) for r in given_up] == [(behind, "accepted"), (head, "accepted")]
        states = await pool.fetch("select state from flow.parked where record_id = any($1)", [head, behind])
        assert {r["state"] for r in states} == {"given_up"}
        assert [r["recordId"] for r in marketplace.json("letters", "list", "--plan", two, "--code", code)["items"]] == [
            letter
        ]
        assert "There is no plan" in marketplace("letters", "list", "--plan", "ffff0000", status=1).stderr
