"""Which addresses a webhook may have: public ones over TLS, and networks that the operator names, such as one's own.

Whoever registers a webhook makes this system call an address. So it is looked at twice: as it is written, when it is
registered, and as it is looked up, each time something is sent there.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from schemas.process.settings import SettingsError

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Networks: TypeAlias = tuple[Network, ...]

#: Networks besides the public ones that webhooks may be called in.
SETTING: Final = "MARKETPLACE_WEBHOOK_NETWORKS"
#: Characters of an address.
MOST: Final = 2000
#: Addresses of IPv6 that stand for one of IPv4 behind a translator.
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")
#: What of IPv6 is given to anybody. The rest is written in more ways than one can list: within machines, for sites, in
#: place of addresses of IPv4.
_PUBLIC: Final = ipaddress.IPv6Network("2000::/3")
#: Public as they are written, and not where they lead: what Azure tells its machines, and examples.
_NOT_PUBLIC: Final = (ipaddress.IPv4Network("168.63.129.16/32"), ipaddress.IPv6Network("3fff::/20"))


def networks(env: Mapping[str, str]) -> Networks:
    """Return the networks of the setting, separated by commas. Raises SettingsError."""
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in env.get(SETTING, "").split(",") if one.strip())
    except ValueError as error:
        raise SettingsError(f"{SETTING}: {error}; give networks such as 10.0.0.0/8, separated by commas") from None


def refused(url: str, allowed: Networks) -> str:
    """Return why a webhook cannot have this address, "" where it can as far as it is written."""
    parts = _split(url)
    if parts is None or parts.scheme not in {"https", "http"} or not parts.hostname:
        return "has to be an address that begins with https:// and names a host"
    if len(url) > MOST or not url.isascii() or any(sign <= " " or sign == "\x7f" for sign in url):
        return f"has to be at most {MOST} characters of ASCII without spaces"
    if parts.username is not None or parts.password is not None:
        return "must have no user and no password: events are signed"
    if parts.fragment:
        return "must have no fragment"
    if parts.scheme == "http" and not allowed:
        return f"has to begin with https://: http:// is for networks of {SETTING}, and none is set"
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return ""  # a name: what it leads to is seen when it is called
    return "" if may_reach(literal, allowed, tls=parts.scheme == "https") else not_reached(str(literal))


def may_reach(address: Address, allowed: Networks, *, tls: bool) -> bool:
    """Say whether a webhook may be called at an address: a public one, with TLS, or one of the allowed networks."""
    if any(address in network for network in allowed if network.version == address.version):
        return True
    return tls and all(_is_public(one) for one in _meant(address))


def not_reached(address: str) -> str:
    """Return what is said of an address that may not be called."""
    return f"leads to {address}, which is neither public, with https://, nor in a network of {SETTING}"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        good = parts.port is None or parts.port > 0
    except ValueError:
        return None
    return parts if good else None


def _is_public(address: Address) -> bool:
    if any(address in network for network in _NOT_PUBLIC if network.version == address.version):
        return False
    given = address.version == 4 or address in _PUBLIC
    return given and address.is_global and not address.is_multicast


def _meant(address: Address) -> Iterable[Address]:
    """Yield an address and the IPv4 addresses it stands for; behind a translator (NAT64) only the IPv4 address."""
    if not isinstance(address, ipaddress.IPv6Address):
        yield address
    elif address in _TRANSLATED:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    else:
        yield from filter(None, (address, address.sixtofour, *(address.teredo or ())))
