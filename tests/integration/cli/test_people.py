"""`marketplace people` against a gateway: a colleague gets in, changes role, and leaves."""

from __future__ import annotations

import httpx
import pytest

from tests.integration.cli.conftest import Marketplace


@pytest.fixture(scope="module")
def processes() -> tuple[str, ...]:
    """The processes that these commands need."""
    return ("gateway",)


def test_a_colleague_gets_in_changes_role_and_leaves(marketplace: Marketplace) -> None:
    made = marketplace.json("people", "create", "ana.lima", "Ana Lima", "--role", "viewer")
    assert (made["handle"], made["role"], made["keys"], made["signIns"]) == ("ana.lima", "viewer", 0, 0)
    key = marketplace.json("keys", "create", "laptop", "--role", "admin", "--person", "ana.lima")
    refused = marketplace("people", "list", status=1, MARKETPLACE_API_KEY=key["key"])
    assert "the person 'ana.lima' has the role viewer" in refused.stderr
    changed = marketplace.json("people", "change", "ana.lima", "--role", "admin", "--email", "ana@example.com")
    assert (changed["role"], changed["email"]) == ("admin", "ana@example.com")
    assert "ana@example.com" in marketplace("people", "list", MARKETPLACE_API_KEY=key["key"], COLUMNS="200").stdout

    assert "ana@example.com" in marketplace("people", "me", MARKETPLACE_API_KEY=key["key"], COLUMNS="200").stdout
    wanted = ("people", "me", "--no-reminders", "--language", "pt_BR")
    mine = marketplace.json(*wanted, MARKETPLACE_API_KEY=key["key"])
    assert (mine["handle"], mine["reminders"], mine["language"]) == ("ana.lima", False, "pt_BR")
    assert marketplace.json("people", "change", "ana.lima", "--reminders")["reminders"] is True

    link = marketplace("people", "link", "ana.lima", "--minutes", "5")
    assert "once, within 5 minutes" in link.stderr
    url = link.stdout.strip()
    assert httpx.post(url.partition("?")[0], data={"link": url.partition("link=")[2]}).status_code == 303
    [sign_in] = marketplace.json("people", "sign-ins", MARKETPLACE_API_KEY=key["key"])["items"]
    assert (sign_in["openedBy"], sign_in["current"]) == ("link", False)
    shown = marketplace("people", "sign-ins", MARKETPLACE_API_KEY=key["key"], COLUMNS="200").stdout
    assert sign_in["signInId"] in shown
    marketplace("people", "sign-out", sign_in["signInId"], MARKETPLACE_API_KEY=key["key"])
    assert marketplace.json("people", "sign-ins", MARKETPLACE_API_KEY=key["key"])["items"] == []

    assert marketplace.json("people", "assignees")["items"] == [{"handle": "ana.lima", "name": "Ana Lima"}]

    assert "Ended: ana.lima" in marketplace("people", "end", "ana.lima").stderr
    marketplace("plans", status=1, MARKETPLACE_API_KEY=key["key"])
    marketplace("people", "end", "ana.lima", status=1)
    assert "any name is taken" in marketplace("people", "assignees").stderr
    [listed] = [one for one in marketplace.json("people", "list")["items"] if one["handle"] == "ana.lima"]
    assert listed["endedAt"]
    told = marketplace.json("audit", "--action", "person.create,person.change,person.end")["items"]
    assert [one["action"] for one in told] == ["person.end", *["person.change"] * 3, "person.create"]


def test_what_is_wrong_is_said(marketplace: Marketplace) -> None:
    assert "handle" in marketplace("people", "create", "Ana Lima", "Ana", status=1).stderr
    assert "--name" in marketplace("people", "change", "ana.lima", status=2).stderr
    marketplace("keys", "create", "x", "--person", "never.was", status=1)
