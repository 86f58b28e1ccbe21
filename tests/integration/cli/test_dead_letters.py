"""Dead letters with nothing but the command line: chosen by every filter, replayed, refused one by one, discarded."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from tests.integration.cli.conftest import Marketplace
from tests.support.letters import add_letter

LONG_AGO = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def processes() -> tuple[str, ...]:
    """The processes that these commands need."""
    return ("gateway",)


@pytest.fixture
def code() -> str:
    """Return an error code that no other test uses."""
    return f"Cause{uuid.uuid4().hex[:8]}"


def ids(document: dict[str, Any]) -> set[str]:
    return {one["recordId"] for one in document["items"]}


async def test_letters_are_found_by_every_filter(marketplace: Marketplace, pool: asyncpg.Pool, code: str) -> None:
    old = await add_letter(pool, code=code, message="the flux is low", at=LONG_AGO)
    new = await add_letter(pool, code=code, message="nothing of the kind", group="projections")
    listed = ("letters", "list", "--code", code)

    assert ids(marketplace.json(*listed)) == {old, new}
    assert ids(marketplace.json(*listed, "--group", "projections")) == {new}
    assert ids(marketplace.json(*listed, "--group", "projections", "--group", "agents")) == {old, new}
    assert ids(marketplace.json(*listed, "--type", "plan.uploaded")) == {old, new}
    assert ids(marketplace.json(*listed, "--type", "plan.approved")) == set()
    assert ids(marketplace.json(*listed, "--until", "2026-01-02T12:01:00+00:00")) == {old}
    assert ids(marketplace.json(*listed, "--since", "2026-01-03T12:00")) == {new}
    assert ids(marketplace.json(*listed, "--since", "2026-01-02T12:00Z", "--until", "2026-01-03T12:00")) == {old}
    assert ids(marketplace.json(*listed, "--search", "flux")) == {old}
    assert ids(marketplace.json("letters", "replay", "--code", code, "--search", "flux", "--dry-run")) == {old}
    assert ids(marketplace.json("letters", "replay", "--code", code, "--group", "projections", "--dry-run")) == {new}
    by_cause = marketplace.json("letters", "groups", "--code", code, "--search", "flux")["items"]
    assert [(one["code"], one["total"]) for one in by_cause] == [(code, 1)]
    assert marketplace.json("letters", "groups", "--code", code, "--type", "plan.approved")["items"] == []
    assert "write it as 2026-05-04" in marketplace(*listed, "--since", "yesterday", status=2).stderr


async def test_a_replay_says_what_became_of_each_letter_and_refusals_are_status_1(
    marketplace: Marketplace, pool: asyncpg.Pool, code: str
) -> None:
    sent = [await add_letter(pool, code=code) for _ in range(2)]
    back = await add_letter(pool, code=code, replay=3)  # it came back three times
    wanted = {sent[0]: "accepted", sent[1]: "accepted", back: "blocked"}

    wait = ("--yes", "--wait", "--rate", "500")
    job = marketplace.json("letters", "replay", "--code", code, "-s", "open", "-s", "blocked", *wait, status=1)

    assert (job["state"], job["outcomes"]) == ("done", {"accepted": 2, "blocked": 1})
    assert {one["recordId"]: one["outcome"] for one in job["items"]} == wanted
    seen = marketplace.json("letters", "job", job["jobId"], status=1)
    assert {one["recordId"]: one["outcome"] for one in seen["items"]} == wanted
    assert ids(marketplace.json("letters", "job", job["jobId"], "--refused", status=1)) == {back}
    said = marketplace("letters", "job", job["jobId"], status=1).stdout
    assert all(record.replace("|", ":") in said for record in wanted)
    assert marketplace.json("letters", "jobs")["items"][0]["jobId"] == job["jobId"]
    assert "There is no replay" in marketplace("letters", "job", str(uuid.uuid4()), status=1).stderr


async def test_a_replay_in_which_nothing_is_refused_is_status_0(
    marketplace: Marketplace, pool: asyncpg.Pool, code: str
) -> None:
    records = [await add_letter(pool, code=code) for _ in range(2)]

    done = marketplace("letters", "replay", *records, "--wait", "--rate", "500")

    assert "2 accepted" in done.stdout
    (job,) = [
        one for one in marketplace.json("letters", "jobs")["items"] if one["selection"].get("recordIds") == records
    ]
    assert {one["outcome"] for one in marketplace.json("letters", "job", job["jobId"])["items"]} == {"accepted"}


async def test_what_fits_is_discarded_after_a_question(marketplace: Marketplace, pool: asyncpg.Pool, code: str) -> None:
    old = await add_letter(pool, code=code, at=LONG_AGO)
    new = await add_letter(pool, code=code, at=LONG_AGO + timedelta(days=2))
    discard = ("letters", "discard", "--reason", "não serve")

    assert "--yes" in marketplace(*discard, "--code", code, status=2).stderr
    assert "records or options" in marketplace(*discard, "--yes", status=2).stderr
    assert "not both" in marketplace(*discard, old, "--code", code, status=2).stderr
    first = marketplace.json(*discard, "--code", code, "--until", "2026-01-03T12:00", "--yes")["results"]
    assert [(one["recordId"], one["outcome"]) for one in first] == [(old, "accepted")]
    second = marketplace.json(*discard, new)["results"]
    assert [(one["recordId"], one["outcome"]) for one in second] == [(new, "accepted")]
    third = marketplace.json(*discard, new, "agents|plan.events|3|7", status=1)["results"]
    assert third[1]["outcome"] == "not_found"


async def test_as_many_as_fit_are_discarded_part_by_part(
    marketplace: Marketplace, pool: asyncpg.Pool, code: str
) -> None:
    """There are more letters than one request discards: all are discarded, and each part is told."""
    count = 11_000
    await pool.execute(
        "insert into rm.dead_letter (record_id, grp, orig_topic, code, fingerprint, replay, dead_at)"
        " select $1 || '|' || n, 'agents', 'plan.events', $1, $1, 0, now() - n * interval '1 s'"
        " from generate_series(1, $2) n",
        code,
        count,
    )

    done = marketplace("letters", "discard", "--code", code, "--reason", "não serve", "--yes")

    assert f"{count} accepted" in done.stdout
    assert f"of {count} dead letters have had their turn" in done.stderr
    discarded = "select count(*) from flow.dead_head where discarded and record_id like $1"
    assert await pool.fetchval(discarded, f"{code}|%") == count
