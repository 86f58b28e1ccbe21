"""`python -m local.registry`: serve the registry at MARKETPLACE_REGISTRY_URL, kept at MARKETPLACE_DATABASE_URL."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import uvicorn

from gateway.http.serving import SeldomServer
from local.registry.app import create_app

#: The exit status of one that could not serve, as uvicorn has it.
UNSERVED: Final = 3


@dataclass(frozen=True)
class Settings:
    host: str
    port: int
    database_url: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        url = urlsplit(env.get("MARKETPLACE_REGISTRY_URL", "http://127.0.0.1:8081"))
        if not url.hostname:
            raise SystemExit("MARKETPLACE_REGISTRY_URL must look like http://127.0.0.1:8081")
        if not env.get("MARKETPLACE_DATABASE_URL"):
            raise SystemExit("MARKETPLACE_DATABASE_URL is not set")
        return cls(url.hostname, url.port or 8081, env["MARKETPLACE_DATABASE_URL"])


def main() -> None:
    settings = Settings.from_env(os.environ)
    app = create_app(settings.database_url)
    print(f"schema registry on http://{settings.host}:{settings.port}", flush=True)
    config = uvicorn.Config(app, host=settings.host, port=settings.port, log_level="warning", access_log=False)
    server = SeldomServer(config)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(UNSERVED)


if __name__ == "__main__":
    main()
