"""Free TCP ports on the loopback interface.

MARKETPLACE_PORT_RANGE (`20000-24999`) says which may be taken where none is asked for: a port is free until its server
listens, seconds later, so what starts systems side by side, such as test workers, gives each a part of its own.
"""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Collection, Mapping

# Below the range from which kernels pick the source port of outgoing connections: a client that retries a port
# of that range while its server is down can connect to itself, and then the server cannot come back.
RANGE = range(20_000, 30_000)
RANGE_VARIABLE = "MARKETPLACE_PORT_RANGE"


class PortError(ValueError):
    """Raised where what was asked for makes no sense, or cannot be had; the message says what to do."""


def asked_port(env: Mapping[str, str]) -> int | None:
    """Return the port that MARKETPLACE_PORT asks for, None where it asks for none. Raises PortError."""
    text = env.get("MARKETPLACE_PORT", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise PortError(f"MARKETPLACE_PORT is {text!r}: give a whole number from 1 to 65535")
    return int(text)


def own_range(env: Mapping[str, str]) -> range:
    """Return the ports that MARKETPLACE_PORT_RANGE gives, both ends included; RANGE without it. Raises PortError."""
    text = env.get(RANGE_VARIABLE, "")
    if not text:
        return RANGE
    first, _, last = text.partition("-")
    ends = [int(end) for end in (first, last) if end.isascii() and end.isdigit()]
    if len(ends) != 2 or not 1 <= ends[0] <= ends[1] <= 65535:
        raise PortError(f"{RANGE_VARIABLE} is {text!r}: give the first and the last port, such as 20000-29999")
    return range(ends[0], ends[1] + 1)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether a server could listen on `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port(preferred: int | None = None, *, but: Collection[int] = ()) -> int:
    """Return a port that was free a moment ago and is none of `but`: `preferred` if it is, else a random one.

    Random, not the first free: two test sessions that look at the same moment must not find the same port. Raises
    PortError where MARKETPLACE_PORT_RANGE makes no sense.
    """
    if preferred is not None and preferred not in but and is_free(preferred):
        return preferred
    ports = own_range(os.environ)
    source = random.SystemRandom()
    for _ in range(200):
        port = source.choice(ports)
        if port not in but and is_free(port):
            return port
    raise RuntimeError(f"no free port found from {ports[0]} to {ports[-1]}")


def free_ports(count: int, *, but: Collection[int] = ()) -> list[int]:
    """Return so many different free ports, none of `but`."""
    ports: list[int] = []
    for _ in range(count):
        ports.append(free_port(but={*ports, *but}))
    return ports
