"""What was seen of the open dashboard, as it is told: the time in which it warms up left out, and what it comes to."""

from __future__ import annotations

from bench.dashboard.open import AS_FAST, Sample, Took, told, wrong

FLAT = [Sample(float(n), 50.0 + min(n, 5), 8.0, 1000) for n in range(20)]


def test_memory_is_compared_from_when_it_is_warm() -> None:
    lines = told(FLAT, {"/": Took(40.0, 2.0)}, {"/": Took(41.0, 2.0)})
    assert lines[0] == "20 looks in 19 s: memory is flat, and no page is slower in the end"
    assert "| gateway, MiB | 55.0 | 55.0 | 55.0 | +0.0% |" in lines
    assert "| / | 40 | 41 | 1.00 |" in lines
    grows = [Sample(float(n), 50.0 + n, 8.0, 1000) for n in range(20)]
    assert any("gateway" in line and "+1" in line for line in told(grows, {}, {}))
    assert told(FLAT[:1], {}, {})[0].startswith("1 looks in 0 s: ")


def test_memory_that_grows_and_a_page_that_becomes_slower_are_told() -> None:
    grows = [Sample(float(n), 50.0 + n, 8.0 + n / 100, 1000 + 10 * n) for n in range(20)]
    assert [one.partition(":")[0] for one in wrong(grows, {}, {})] == ["gateway, MiB", "nodes of the tabs"]
    slow = {"/": Took(400.0, 2.0 * AS_FAST + 0.1), "/plans": Took(400.0, 2.0)}
    assert wrong(FLAT, {"/": Took(40.0, 2.0), "/plans": Took(40.0, 2.0)}, slow) == ["/: 1.35 times as slow"]
    assert told(FLAT, {"/": Took(40.0, 2.0)}, slow)[0].endswith("not as it is to be: /: 1.35 times as slow")


def test_a_machine_that_is_busier_makes_no_page_slower() -> None:
    assert wrong(FLAT, {"/": Took(40.0, 2.0)}, {"/": Took(400.0, 2.0)}) == []


def test_a_page_that_became_faster_is_not_slower_beside_one_that_became_faster_still() -> None:
    assert wrong(FLAT, {"/": Took(40.0, 2.0)}, {"/": Took(39.0, 4.0)}) == []
