"""Receivers of alerts, as real servers: HTTP that answers as it is told, and SMTP."""

from __future__ import annotations

import email
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message as Mail
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from local.ports import free_port


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class HttpReceiver:
    """`answers` gives status and body of the next requests, the last of them for ever; `hold` keeps answers back."""

    url: str = ""
    got: list[Request] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=lambda: [(200, "ok")])
    hold: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.hold.set()

    def answer(self) -> tuple[int, str]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def http_receiver() -> Iterator[HttpReceiver]:
    made = HttpReceiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            announced = int(self.headers.get("content-length", 0))
            body = self.rfile.read(announced)
            if len(body) < announced:  # whoever sent it was killed meanwhile: nobody has told anything
                self.close_connection = True
                return
            made.got.append(Request(self.path, dict(self.headers), body))
            made.hold.wait(60)
            status, text = made.answer()
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST  # noqa: N815 - the library's name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:  # a client that was killed
            pass

    server = Quiet(("127.0.0.1", free_port()), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield made
    finally:
        made.hold.set()
        server.shutdown()
        server.server_close()


@dataclass
class SmtpReceiver:
    port: int = 0
    refuses: str = ""
    unknown: frozenset[str] = frozenset()
    got: list[Mail] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the library's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.unknown:
            return f"550 5.1.1 {address} is not here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's
        if self.refuses:
            return self.refuses
        content = envelope.content
        assert isinstance(content, bytes)
        self.got.append(email.message_from_bytes(content))
        self.to.append(list(envelope.rcpt_tos))
        return "250 OK"

    def whole(self) -> list[tuple[list[str], Mail]]:
        """Return to whom each mail went, and the mail. The thread that receives may be between the two of the last."""
        return list(zip(self.to, self.got, strict=False))


def body_of(mail: Mail) -> str:
    """Return the text of a mail, as a person reads it."""
    content = mail.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


@contextmanager
def smtp_receiver(*, of_any_script: bool = True) -> Iterator[SmtpReceiver]:
    """Receive mail; where not `of_any_script`, addresses have to be ASCII."""
    made = SmtpReceiver(free_port())
    controller = Controller(made, hostname="127.0.0.1", port=made.port, enable_SMTPUTF8=of_any_script)
    controller.start()
    try:
        yield made
    finally:
        controller.stop()
