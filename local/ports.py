"""Free TCP ports on the loopback interface."""

from __future__ import annotations

import random
import socket
from collections.abc import Collection, Mapping

# Below the range from which kernels pick the source port of outgoing connections: a client that retries a port
# of that range while its server is down can connect to itself, and then the server cannot come back.
RANGE = range(20_000, 30_000)


class PortError(ValueError):
    """The port that was asked for makes no sense, or cannot be had; the message says what to do."""


def asked_port(env: Mapping[str, str]) -> int | None:
    """Return the port that MARKETPLACE_PORT asks for, None where it asks for none. Raises PortError."""
    text = env.get("MARKETPLACE_PORT", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise PortError(f"MARKETPLACE_PORT is {text!r}: give a whole number from 1 to 65535")
    return int(text)


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

    Random, not the first free: two test sessions that look at the same moment must not find the same port.
    """
    if preferred is not None and preferred not in but and is_free(preferred):
        return preferred
    source = random.SystemRandom()
    for _ in range(200):
        port = source.choice(RANGE)
        if port not in but and is_free(port):
            return port
    raise RuntimeError(f"no free port found between {RANGE.start} and {RANGE.stop}")


def free_ports(count: int, *, but: Collection[int] = ()) -> list[int]:
    """Return so many different free ports, none of `but`."""
    ports: list[int] = []
    for _ in range(count):
        ports.append(free_port(but={*ports, *but}))
    return ports
