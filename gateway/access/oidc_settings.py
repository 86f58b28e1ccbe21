"""Settings of a company's OpenID Connect provider, from the environment."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from schemas.process.settings import SettingsError, one_of

ISSUER: Final = "MARKETPLACE_OIDC_ISSUER"
_NEEDED: Final = (ISSUER, "MARKETPLACE_OIDC_CLIENT_ID", "MARKETPLACE_OIDC_CLIENT_SECRET")
DOMAINS: Final = "MARKETPLACE_OIDC_DOMAINS"
NEW_PEOPLE: Final = "MARKETPLACE_OIDC_NEW_PEOPLE"
_DOMAIN: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """A provider. `domains`: domains of e-mail addresses that it may sign in; empty: all.

    `new_people`: an unknown account becomes a person with the role viewer.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    domains: tuple[str, ...] = ()
    new_people: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> OidcSettings | None:
        """Read the provider's settings; None if there are none. Raises SettingsError."""
        given = [env.get(name, "").strip() for name in _NEEDED]
        domains = tuple(filter(None, (part.strip().lower() for part in env.get(DOMAINS, "").split(","))))
        new_people = one_of(env, NEW_PEOPLE, "none", "none", "viewer") == "viewer"
        if not any(given) and not domains and not new_people:
            return None
        if missing := [name for name, value in zip(_NEEDED, given, strict=True) if not value]:
            raise SettingsError(f"{', '.join(missing)} not set: a provider needs all of {', '.join(_NEEDED)}")
        if wrong := [domain for domain in domains if not _DOMAIN.fullmatch(domain)]:
            raise SettingsError(f"{DOMAINS}: {', '.join(wrong)} is not a domain such as example.com")
        if new_people and not domains:
            raise SettingsError(
                f"{NEW_PEOPLE} is viewer: say in {DOMAINS} whose e-mails these may be, or anybody comes in"
            )
        if not is_private(given[0]):
            raise SettingsError(f"{ISSUER} is {given[0]!r}: give an address that begins with https://")
        issuer, client_id, secret = given
        return cls(issuer, client_id, secret, domains, new_people)


def is_private(url: str) -> bool:
    """Say whether an address is safe from listeners: it uses TLS, or is on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(host)
    try:
        return parts.scheme == "http" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False
