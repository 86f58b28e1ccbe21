"""A server in the registry's place that answers all requests the same: not well, of another make, or none at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass
class OddRegistry:
    """`short`: bytes more than it sends are announced. `asked`: the paths that it was asked for. `logins`: by whom.

    `answers`: it takes requests all the time, and answers them while this is set.
    """

    url: str
    status: int = 200
    body: bytes = b"{}"
    short: int = 0
    asked: list[str] = field(default_factory=list)
    logins: list[str | None] = field(default_factory=list)
    answers: Event = field(default_factory=Event)


@contextmanager
def odd_registry(status: int = 200, body: bytes = b"{}") -> Iterator[OddRegistry]:
    """Serve until the end of the block; what is answered may be changed meanwhile."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            made.logins.append(self.headers["Authorization"])
            made.answers.wait()
            self.send_response(made.status)
            self.send_header("Content-Length", str(len(made.body) + made.short))
            self.end_headers()
            self.wfile.write(made.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        made = OddRegistry(f"http://127.0.0.1:{server.server_port}", status, body)
        made.answers.set()
        serving = Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield made
        finally:
            made.answers.set()  # the server waits for its threads
            server.shutdown()
            serving.join()
