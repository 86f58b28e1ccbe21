"""A webhook is called at the address that was checked, and its certificate must be for the webhook's host name."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from gateway.alerts.notifiers import base
from gateway.alerts.notifiers.base import Failed
from gateway.alerts.webhooks import endpoint
from gateway.alerts.webhooks.endpoint import Endpoint
from gateway.alerts.webhooks.queue import Delivery
from tests.support.secure_broker import certificates
from tests.support.webhooks import HERE

NAME = "erp.example.com"
DELIVERY = Delivery("d", b"{}", 1)


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server of that name on this machine, whose authority is trusted; every name leads to it."""
    ca, own = certificates(tmp_path, NAME)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            moved = self.path == "/moved"
            text = f"{self.headers['host']} {self.path} ".encode() + b"x" * 10_000_000
            self.send_response(302 if moved else 200)
            self.send_header("location", "https://127.0.0.1/")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    class Server(HTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:  # who has heard enough hangs up
            pass

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    monkeypatch.setattr(base, "trusted", lambda: ssl.create_default_context(cafile=str(ca)))
    monkeypatch.setattr(endpoint, "_look_up", lambda *_: ["127.0.0.1"])
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


async def test_the_certificate_has_to_be_for_the_name_and_not_for_the_address(port: int) -> None:
    at = Endpoint(f"https://{NAME}:{port}/in?a=b", "s" * 16, HERE)
    answer = await at.send(DELIVERY)
    assert answer.startswith(f"HTTP 200: {NAME}:{port} /in?a=b xxx")
    assert len(answer) < 300, "of ten megabytes the beginning was read"
    with pytest.raises(Failed, match="certificate verify failed"):
        await Endpoint(f"https://other.example.com:{port}/", "s" * 16, HERE).send(DELIVERY)


async def test_a_redirect_leads_nowhere_and_a_private_address_is_not_called(port: int) -> None:
    with pytest.raises(Failed, match="HTTP 302") as failed:
        await Endpoint(f"https://{NAME}:{port}/moved", "s" * 16, HERE).send(DELIVERY)
    assert not failed.value.final
    with pytest.raises(Failed, match=r"not called: the host leads to 127\.0\.0\.1"):
        await Endpoint(f"https://{NAME}:{port}/", "s" * 16).send(DELIVERY)
