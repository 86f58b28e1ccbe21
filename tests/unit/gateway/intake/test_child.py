"""What the reading process answers where the fault is not the document's."""

from pathlib import Path

import pytest

from gateway.intake import Limits, child, document
from gateway.intake.kept import NOTHING_KEPT


def test_a_reader_that_is_not_installed_is_no_fault_of_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'a_reader'")

    monkeypatch.setattr(document, "opened", missing)
    request = {
        "path": str(tmp_path / "a.pdf"),
        "filename": "a.pdf",
        "channels": ["shopee"],
        "kept": NOTHING_KEPT.to_dict(),
    }

    refused = child._answer(request, Limits())["refused"]

    assert (refused["code"], refused["status"]) == ("interrupted", 503)
    assert refused["cause"].startswith("ModuleNotFoundError")
