"""`marketplace keys` against a gateway: a colleague gets a key, uses it, and it ends."""

from __future__ import annotations

from tests.integration.cli.conftest import Marketplace


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
