"""Bytes of uploads have room, in all and for each caller, and give it back."""

from __future__ import annotations

import pytest

from gateway.access.upload_bytes import Budget, Share
from gateway.problems.problem import Problem


def refused(share: Share, more: int, *, announced: bool = False) -> tuple[int, str, object]:
    with pytest.raises(Problem) as found:
        (share.announce if announced else share.grow)(more)
    return found.value.status, found.value.headers["Retry-After"], found.value.extra["code"]


def test_each_has_a_share_and_all_have_the_whole() -> None:
    budget = Budget(most=10, most_of_one=6)
    with budget.share("ana") as first, budget.share("bia") as other:
        first.grow(5)
        with budget.share("ana") as second:
            second.grow(1)
            assert refused(second, 1) == (429, "5", "upload-bytes-of-one")
        first.grow(1)
        other.grow(4)
        assert refused(other, 1) == (503, "5", "upload-bytes")
        assert (first.size, other.size, budget.taken) == (6, 4, 10)
    assert budget.taken == 0


def test_what_is_announced_takes_nothing_and_is_refused_early() -> None:
    budget = Budget(most=10, most_of_one=6)
    with budget.share("ana") as share:
        share.announce(6)
        assert budget.taken == 0
        assert refused(share, 7, announced=True) == (429, "5", "upload-bytes-of-one")


def test_what_is_refused_gives_its_room_back() -> None:
    budget = Budget(most=10, most_of_one=10)

    def upload() -> None:
        with budget.share("ana") as share:
            share.grow(10)
            share.grow(1)

    with pytest.raises(Problem):
        upload()
    assert budget.taken == 0
