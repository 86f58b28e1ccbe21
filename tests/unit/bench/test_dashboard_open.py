"""What was seen of the open dashboard, as it is told: the time in which it warms up left out."""

from __future__ import annotations

from bench.dashboard.open import Sample, told


def test_memory_is_compared_from_when_it_is_warm() -> None:
    samples = [Sample(float(n), 50.0 + min(n, 5), 8.0, 1000) for n in range(20)]
    lines = told(samples, {"/": 40.0}, {"/": 41.0})
    assert "| gateway, MiB | 55.0 | 55.0 | 55.0 | +0.0% |" in lines
    assert "| / | 40 | 41 |" in lines
    grows = [Sample(float(n), 50.0 + n, 8.0, 1000) for n in range(20)]
    assert any("gateway" in line and "+1" in line for line in told(grows, {}, {}))
    assert told(samples[:1], {}, {})[0] == "1 looks in 0 s"
