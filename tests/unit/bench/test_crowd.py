"""What hostile clients cost others: the medians of the turns beside those while nobody attacks."""

from __future__ import annotations

import pytest

from bench.crowd.crowd import LIMIT, QUIET, Phase, over, told
from bench.crowd.hostile import address_of


def phase(read: float, approval: float, **attack: int) -> Phase:
    """Return a phase with a hundred waits of each kind, whose p50 is half of the p99."""
    return Phase([read / 2] * 98 + [read] * 2, [approval / 2] * 98 + [approval] * 2, attack, 0.25)


QUIETLY = [phase(10, 20), phase(1000, 1000), phase(9, 18)]


def test_the_median_of_the_turns_counts_for_reads_and_approvals_alike() -> None:
    found = {QUIET: QUIETLY, "requests": [phase(15, 20), phase(20, 30), phase(5000, 5000)]}
    assert over(found) == {"requests": (2.0, 1.5)}


@pytest.mark.parametrize(("approval", "verdict"), [(20 * LIMIT, "within"), (20 * LIMIT + 1, "MORE")])
def test_it_is_said_which_attack_lets_others_wait_too_long(approval: float, verdict: str) -> None:
    lines = told({QUIET: QUIETLY, "documents": [phase(10, approval, **{"200": 1200, "503": 3})] * 3})
    assert lines[2] == "| nobody | 5.0, 10.0 | 10.0, 20.0 |  | 0.25 |"
    assert lines[3].endswith("| 200 3,600, 503 9 | 0.25 |")
    assert f"{approval:.1f} (x {approval / 20:.1f})" in lines[3]
    assert verdict in lines[-1]
    assert ("documents" in lines[-1]) is (verdict == "MORE")


def test_each_request_of_many_is_from_another_address() -> None:
    assert [address_of(n) for n in (0, 255, 256, 2**24 - 1)] == ["10.0.0.0", "10.0.0.255", "10.0.1.0", "10.255.255.255"]
