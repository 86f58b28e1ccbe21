"""The row of a waiting record holds what a database takes, whatever its headers say."""

from __future__ import annotations

from schemas import headers as h
from streams.waiting import row_of


def test_names_are_cut_to_what_an_index_takes() -> None:
    long = "ção" * 2000
    row = row_of("retry", long.encode(), b"x", [(h.GROUP, long.encode()), (h.ORIG_TOPIC, long.encode())])

    cut = long[: h.NAME_LIMIT]
    assert (row.group, row.orig_topic, row.key) == (cut, cut, cut)
    assert row.record_id == f"{cut}|{cut}|0|0"
    assert len(row.record_id.encode()) < 2700


def test_other_headers_are_kept_whole() -> None:
    message = "m" * 1000
    row = row_of("retry", b"plan-1", b"x", [(h.ERROR_MESSAGE, message.encode() + b"\0")])

    assert row.message == message + "\ufffd"
