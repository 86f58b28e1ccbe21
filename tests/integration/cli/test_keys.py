"""`marketplace keys` against a gateway: a colleague gets a key, uses it, and it ends."""

from __future__ import annotations

import pytest

from tests.integration.cli.conftest import Marketplace


@pytest.fixture(scope="module")
def processes() -> tuple[str, ...]:
    """The processes that these commands need."""
    return ("gateway",)


def test_a_colleague_gets_a_key_and_it_ends(marketplace: Marketplace) -> None:
    printed = marketplace("keys", "create", "Ana Lima", "--role", "viewer")
    hers = printed.stdout.strip()
    assert "shown this once" in printed.stderr
    [listed] = [key for key in marketplace.json("keys", "list")["items"] if key["name"] == "Ana Lima"]
    assert (listed["role"], listed["revokedAt"]) == ("viewer", None)
    assert "key" not in listed
    assert hers not in marketplace("keys", "list").stdout

    assert marketplace.json("plans", MARKETPLACE_API_KEY=hers)["items"] == []
    refused = marketplace("keys", "list", status=1, MARKETPLACE_API_KEY=hers)
    assert "admin" in refused.stderr

    assert "Revoked" in marketplace("keys", "revoke", listed["keyId"]).stderr
    marketplace("plans", status=1, MARKETPLACE_API_KEY=hers)
    marketplace("keys", "revoke", listed["keyId"], status=1)
    [listed] = [key for key in marketplace.json("keys", "list")["items"] if key["name"] == "Ana Lima"]
    assert listed["revokedAt"]


def test_a_role_that_there_is_not_is_wrong_usage(marketplace: Marketplace) -> None:
    assert "operator" in marketplace("keys", "create", "Rui", "--role", "boss", status=2).stderr
    assert "Rui" not in [key["name"] for key in marketplace.json("keys", "list")["items"]]


def test_a_key_changes_rotates_and_gives_a_link(marketplace: Marketplace) -> None:
    made = marketplace.json("keys", "create", "Eva", "--days", "30")
    assert made["expiresAt"]
    changed = marketplace.json("keys", "change", made["keyId"], "--name", "Eva Reis", "--role", "operator", "--lasting")
    assert (changed["name"], changed["role"], changed["expiresAt"]) == ("Eva Reis", "operator", None)
    marketplace("keys", "change", made["keyId"], status=2)
    rotated = marketplace.json("keys", "rotate", made["keyId"])
    assert marketplace.json("plans", MARKETPLACE_API_KEY=rotated["key"])["items"] == []
    marketplace("plans", status=1, MARKETPLACE_API_KEY=made["key"])
    link = marketplace("keys", "link", made["keyId"], "--minutes", "5")
    assert "/login?link=" in link.stdout
    assert "once, within 5 minutes" in link.stderr

    told = marketplace.json("audit", "--action", "key.change,key.rotate,link.create")["items"]
    assert [one["action"] for one in told][:3] == ["link.create", "key.rotate", "key.change"]
    assert "role: analyst -> operator" in marketplace("audit", "--action", "key.change", COLUMNS="250").stdout
    marketplace("audit", "--action", "dance", status=1)
    assert marketplace.json("attempts")["items"] == []
