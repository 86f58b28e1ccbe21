"""`python -m local.registry`: serve the registry at MARKETPLACE_REGISTRY_URL, kept at MARKETPLACE_DATABASE_URL."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import uvicorn

from local.registry.app import create_app


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
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
