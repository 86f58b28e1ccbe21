"""What the reading process answers where the fault is not the document's."""

import errno
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gateway.intake import Limits, child, document
from gateway.intake.kept import NOTHING_KEPT


def request_for(path: Path) -> dict[str, Any]:
    return {"path": str(path), "filename": path.name, "channels": ["shopee"], "kept": NOTHING_KEPT.to_dict()}


def test_a_reader_that_is_not_installed_is_no_fault_of_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'a_reader'")

    monkeypatch.setattr(document, "opened", missing)

    refused = child._answer(request_for(tmp_path / "a.pdf"), Limits())["refused"]

    assert (refused["code"], refused["status"]) == ("interrupted", 503)
    assert refused["cause"].startswith("ModuleNotFoundError")


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.EIO, "interrupted"), (errno.ENOSPC, "interrupted"), (errno.EINVAL, "unreadable"), (None, "unreadable")],
)
def test_a_disk_that_fails_is_no_fault_of_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int | None, code: str
) -> None:
    """A damaged archive leads to places that are none, which is an error of the system's calls, too."""
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")

    def failing(*_: object) -> None:
        raise OSError(number, "as the system says") if number else OSError("Invalid data stream")

    monkeypatch.setattr(zipfile, "ZipFile", failing)

    assert child._answer(request_for(path), Limits())["refused"]["code"] == code
