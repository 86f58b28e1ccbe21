"""What is said of a company's provider: all of it or nothing, and nothing that lets anybody in."""

from __future__ import annotations

import pytest

from gateway.access.identities import handles
from gateway.access.oidc_settings import OidcSettings, is_private
from schemas.process.settings import SettingsError

GIVEN = {
    "MARKETPLACE_OIDC_ISSUER": "https://id.example.com",
    "MARKETPLACE_OIDC_CLIENT_ID": "marketplace",
    "MARKETPLACE_OIDC_CLIENT_SECRET": "hush",
}


def test_without_any_of_it_there_is_none() -> None:
    assert OidcSettings.from_env({}) is None
    assert OidcSettings.from_env(dict.fromkeys(GIVEN, "")) is None


def test_all_of_it_makes_a_provider_that_does_not_show_its_secret() -> None:
    found = OidcSettings.from_env({**GIVEN, "MARKETPLACE_OIDC_DOMAINS": "Example.com, example.org"})
    assert found is not None
    assert (found.domains, found.new_people) == (("example.com", "example.org"), False)
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"MARKETPLACE_OIDC_CLIENT_SECRET": ""}, "MARKETPLACE_OIDC_CLIENT_SECRET"),
        ({"MARKETPLACE_OIDC_ISSUER": "http://id.example.com"}, "https://"),
        ({"MARKETPLACE_OIDC_ISSUER": "ftp://127.0.0.1"}, "https://"),
        ({"MARKETPLACE_OIDC_DOMAINS": "@example.com"}, "is not a domain"),
        ({"MARKETPLACE_OIDC_DOMAINS": "*"}, "is not a domain"),
        ({"MARKETPLACE_OIDC_NEW_PEOPLE": "viewer"}, "MARKETPLACE_OIDC_DOMAINS"),
        ({"MARKETPLACE_OIDC_NEW_PEOPLE": "admin"}, "none or viewer"),
    ],
)
def test_what_is_wrong_is_said(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said.replace("*", r"\*")):
        OidcSettings.from_env({**GIVEN, **wrong})


@pytest.mark.parametrize("part", ["MARKETPLACE_OIDC_DOMAINS", "MARKETPLACE_OIDC_CLIENT_ID"])
def test_a_part_of_it_is_a_mistake(part: str) -> None:
    with pytest.raises(SettingsError, match="MARKETPLACE_OIDC_ISSUER"):
        OidcSettings.from_env({part: "example.com"})


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://id.example.com/x", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://[::1]:8080", True),
        ("http://10.0.0.1", False),
        ("http://localhost.evil.test", False),
        ("https://", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_an_address_between_which_and_here_nobody_listens(url: str, private: bool) -> None:
    assert is_private(url) is private


@pytest.mark.parametrize(
    ("email", "first"),
    [
        ("ana.lima@example.com", "ana.lima"),
        ("Ana+tag@example.com", "ana"),
        ("joão@example.com", "jo-o"),
        ("__@example.com", "person-1"),
        ("nobody@example.com", "nobody-1"),
        ("a" * 60 + "@example.com", "a" * 36),
    ],
)
def test_a_handle_is_made_of_an_e_mail(email: str, first: str) -> None:
    found = handles(email)
    assert found[0] == first
    assert len(set(found)) == len(found) > 10
