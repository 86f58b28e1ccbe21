"""`python -m gateway`: serve until SIGTERM."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
import uvloop
from aiokafka.conn import AIOKafkaConnection

from gateway import logs
from gateway.app import create_app
from gateway.running import Exposed, running
from gateway.settings import Settings
from schemas.process import broker_links, telemetry
from schemas.process.settings import SettingsError

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Server(uvicorn.Server):
    """Uvicorn, which at SIGTERM ends live streams first: browsers would hold the stop.

    It also returns afterwards, where uvicorn would end the process before the services are ended.
    """

    def __init__(self, config: uvicorn.Config, before_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_stop = before_stop

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._told_to_stop, number)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)

    def _told_to_stop(self, number: int) -> None:
        self._before_stop()
        self.handle_exit(number, None)


async def serve(settings: Settings) -> bool:
    """Serve until told to stop; return whether it could. Raises Exposed."""
    async with running(settings) as services:
        app = create_app(settings)
        app.state.services = services
        server = Server(config(settings, app), services.live.stop)
        await server.serve()
        return server.started


def config(settings: Settings, app: object) -> uvicorn.Config:
    """Return how the gateway is served. Slow or idle clients hold nothing for long."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type] # an ASGI application
        host=settings.host,
        port=settings.port,
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
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
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    logs.configure(settings.log)
    broker_links.mend(AIOKafkaConnection)
    telemetry.configure("gateway")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return 0 if runner.run(serve(settings)) else 1
    except Exposed as error:
        print(error, file=sys.stderr)
        return 3
    finally:
        telemetry.shutdown()


if __name__ == "__main__":
    sys.exit(main())
