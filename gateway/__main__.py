"""`python -m gateway`: serve until SIGTERM."""

from __future__ import annotations

import os
import sys

import uvicorn

from gateway.app import create_app
from gateway.settings import BadSetting, Settings
from schemas import telemetry


def main() -> int:
    """Serve; return the exit status."""
    try:
        settings = Settings.from_env(os.environ)
    except BadSetting as error:
        print(error, file=sys.stderr)
        return 2
    telemetry.configure("gateway")
    server = uvicorn.Server(config(settings))
    server.run()
    telemetry.shutdown()
    return 0 if server.started else 1


def config(settings: Settings) -> uvicorn.Config:
    """Return how the gateway is served. Slow or idle clients hold nothing for long."""
    return uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        backlog=4096,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=65536,
    )


if __name__ == "__main__":
    sys.exit(main())
