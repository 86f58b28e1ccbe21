"""Checks whether a server is up: one question for each kind, without a client library, in a second at most."""

from __future__ import annotations

import http.client
import socket
import struct
from urllib.parse import urlsplit

TIMEOUT = 1.0
METADATA = 3  # the Kafka request that lists the brokers of a cluster


def http_answers(url: str) -> bool:
    """Tell whether a GET of `url` is answered, with any status below 500."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=TIMEOUT)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def kafka_brokers(host: str, port: int) -> int:
    """Return how many brokers the cluster behind this one has, as that broker sees it; 0 while it cannot serve.

    Asks for metadata, so that an answer means more than an open port: the broker has joined its controller.
    """
    client = b"probe"
    body = struct.pack(">hhih", METADATA, 1, 1, len(client)) + client + struct.pack(">i", 0)
    try:
        with socket.create_connection((host, port), TIMEOUT) as connection:
            connection.settimeout(TIMEOUT)
            connection.sendall(struct.pack(">i", len(body)) + body)
            # size, correlation id, number of brokers
            _size, _correlation, brokers = struct.unpack(">iii", _exactly(connection, 12))
            return int(brokers)
    except (OSError, EOFError):
        return 0


def postgres(host: str, port: int) -> bool:
    """Tell whether the server accepts sessions: it answers a session request by asking for a password.

    While it starts, recovers or stops it answers with an error instead.
    """
    parameters = b"user\0probe\0database\0postgres\0\0"
    try:
        with socket.create_connection((host, port), TIMEOUT) as connection:
            connection.settimeout(TIMEOUT)
            connection.sendall(struct.pack(">ii", len(parameters) + 8, 3 << 16) + parameters)
            kind, size = struct.unpack(">ci", _exactly(connection, 5))
            _exactly(connection, size - 4)  # unread bytes would make the close a reset, and the server log it
            return bool(kind == b"R")
    except (OSError, EOFError):
        return False


def _exactly(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        part = connection.recv(size - len(received))
        if not part:
            raise EOFError
        received += part
    return received
