"""What this process counts while a test runs, as Prometheus would read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from schemas.process import metrics

#: Name without `marketplace_`, and labels -> the value; None where nothing was counted.
Counted = Callable[..., float | None]


def counted(monkeypatch: pytest.MonkeyPatch, process: str) -> Counted:
    """Count from now on; return what tells a sample, such as `told("retried_total", tier=...)`."""
    meter = metrics.Meter(process)
    monkeypatch.setitem(metrics._meter, metrics._THIS, meter)

    def told(name: str, **labels: str) -> float | None:
        return meter.registry.get_sample_value(f"marketplace_{name}", labels)

    return told
