"""Documents that a limit ended are where the next run finds them, and those that end by themselves now are let go."""

from __future__ import annotations

from pathlib import Path

from tests.support.fuzz_targets import TARGETS
from tests.support.fuzzing import keep_ended, of_ended


def test_the_shortest_of_each_way_is_found_by_its_target(tmp_path: Path) -> None:
    folder = tmp_path / "fuzz"
    assert [data for name in TARGETS for data in of_ended(name, folder)] == []
    keep_ended({"ods-content-SIGPROF": b"a", "ods-content-exit 1": b"b", "ods-SIGSEGV": b"c"}, folder)
    assert {name: kept for name in TARGETS if (kept := of_ended(name, folder))} == {
        "ods": [b"c"],
        "ods-content": [b"a", b"b"],
    }
    keep_ended({"pdf-SIGPROF": b"d"}, folder)
    assert {name: kept for name in TARGETS if (kept := of_ended(name, folder))} == {"pdf": [b"d"]}
