"""`python -m gateway`: serve until SIGTERM. Ends with 1 where it could not serve, with 3 where it would be Exposed."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog
import uvicorn

from gateway.app import create_app
from gateway.http.connections import Connections, protocol_of
from gateway.http.serving import SeldomServer
from gateway.running import Exposed, running
from gateway.settings import Settings
from schemas.process import start

EXPOSED: Final = 3


class Server(SeldomServer):
    """Uvicorn, which at SIGTERM ends live streams first: browsers would hold the stop.

    It also returns afterwards, where uvicorn would end the process before the services are ended.
    """

    def __init__(self, config: uvicorn.Config, before_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_stop = before_stop

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        start.on_stop(self._told_to_stop)
        yield

    def _told_to_stop(self, number: signal.Signals) -> None:
        self._before_stop()
        self.handle_exit(number, None)


async def serve(settings: Settings) -> int:
    """Serve until told to stop; return the exit status."""
    try:
        async with running(settings) as services:
            app = create_app(settings)
            app.state.services = services
            server = Server(config(settings, app), services.live.stop)
            await server.serve()
            return start.DONE if server.started else start.FAILED
    except Exposed as error:
        structlog.get_logger("gateway").critical(str(error))
        return EXPOSED


def config(settings: Settings, app: object) -> uvicorn.Config:
    """Return how the gateway is served. Slow or idle clients hold nothing for long."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type] # an ASGI application
        host=settings.host,
        port=settings.port,
        http=protocol_of(Connections(settings.connections, settings.connections_of_one, settings.trusted_proxies)),
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,  # its loggers are ours by now
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        backlog=4096,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
    )


def main() -> int:
    """Serve; return the exit status."""
    return start.run(start.Process("gateway", Settings.from_env, serve))


if __name__ == "__main__":
    sys.exit(main())
