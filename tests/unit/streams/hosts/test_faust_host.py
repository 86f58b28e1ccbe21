"""The host of the agents begins where nothing can be written, as in a container with a read-only root."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import faust
import pytest

from streams.hosts.faust_host import Host


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every new folder, as a read-only file system does to anybody."""

    def refuse(self: Path, *_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)


@pytest.mark.usefixtures("read_only")
async def test_it_makes_no_folder() -> None:
    await Host("a", broker="memory://", store="memory://", web_enabled=False).on_first_start()


@pytest.mark.usefixtures("read_only")
async def test_faust_alone_would_not_begin() -> None:
    with pytest.raises(OSError, match="Read-only"):
        await faust.App("a", broker="memory://", store="memory://", web_enabled=False).on_first_start()
