"""A lone broker's data folder is formatted once a session, by Kafka's own tool; the next ones begin with a copy.

The tool starts a virtual machine and writes the same two small files each time, but for the name of the cluster.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

from local.broker import Broker

META: Final = "meta.properties"
_format = Broker._format
_made: dict[Path, bytes] = {}


def pytest_configure() -> None:
    pytest.MonkeyPatch().setattr(Broker, "_format", format_once)  # for the whole session


def format_once(broker: Broker) -> None:
    """Format the folder; what is special about a broker, its users or its place in a cluster, is left to the tool."""
    alike = not broker.formatting and set(broker.node.quorum) == {1}
    if not alike or not _made:
        _format(broker)
        if alike:
            _made.update(files(broker._log_dir))
        return
    shutil.rmtree(broker._log_dir, ignore_errors=True)
    for name, held in _made.items():
        (broker._log_dir / name).parent.mkdir(parents=True, exist_ok=True)
        (broker._log_dir / name).write_bytes(held)
    lines = _made[Path(META)].decode().splitlines()
    own = [f"cluster.id={broker._cluster_id}" if line.startswith("cluster.id=") else line for line in lines]
    (broker._log_dir / META).write_text("\n".join(own) + "\n", "utf-8")


def files(folder: Path) -> dict[Path, bytes]:
    """Return what is in the files of a folder."""
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
