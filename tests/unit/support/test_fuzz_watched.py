"""A library that goes on for ever is ended and counted where it reads a document, and is a finding anywhere else."""

import pytest

from tests.support import fuzz_watched
from tests.support.fuzz_targets import TARGETS
from tests.support.fuzz_watched import Watched

#: A sheet without an end, which the library of workbooks waits for.
ENDLESS = TARGETS["ods-content"].seeds()[0].partition(b"<table:table-row")[0]


def test_an_input_that_goes_on_for_ever_is_ended_and_the_next_one_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with Watched(cpu_s=1) as watched:
        assert watched.find("ods-content", ENDLESS) is None
        assert watched.ended == {"ods-content-SIGPROF": 1}
        assert watched.shortest == {"ods-content-SIGPROF": ENDLESS}

        monkeypatch.setattr(fuzz_watched, "DOCUMENTS", frozenset[str]())
        found = watched.find("ods-content", ENDLESS)
        assert found is not None
        assert (found.error, found.where) == ("ended by SIGPROF", "SIGPROF")

        assert watched.find("wire", TARGETS["wire"].seeds()[0]) is None
        assert watched.ended.total() == 1
