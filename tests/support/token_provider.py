"""A provider of tokens by client credentials, and tokens that a broker takes which asks for no signature."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

CLIENT, SECRET = "marketplace", "only for this test"


def token(life_s: float = 60.0, subject: str = CLIENT) -> str:
    """Return an unsigned JWT that is good for so many seconds, from now on or until a while ago."""
    now = time.time()
    parts = ({"alg": "none"}, {"sub": subject, "iat": now - 120, "exp": now + life_s})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


class Provider:
    """`given`: how many tokens it gave; `body`: what it answers in their place, where that is something."""

    def __init__(self) -> None:
        self.given = 0
        self.life_s = 60.0
        self.body: bytes | None = None
        self.asked: list[dict[str, list[str]]] = []
        self.url = ""

    def answer(self, login: str, form: bytes) -> tuple[int, bytes]:
        self.asked.append(parse_qs(form.decode()))
        wanted = base64.b64encode(f"{CLIENT}:only%20for%20this%20test".encode()).decode()
        if login != f"Basic {wanted}":
            return 401, b'{"error": "invalid_client"}'
        self.given += 1
        if self.body is not None:
            return 200, self.body
        return 200, json.dumps({"access_token": token(self.life_s), "expires_in": self.life_s}).encode()


@contextmanager
def token_provider() -> Iterator[Provider]:
    """Run one until the end of the block."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["content-length"]))
            status, body = provider.answer(self.headers.get("authorization", ""), form)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    provider.url = f"http://127.0.0.1:{server.server_port}/token"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
