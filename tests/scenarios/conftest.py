"""A whole system of its own for each scenario: scenarios break things."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.stack import Stack

#: The key that scenarios come with.
KEY = "mrs_scenario_" + secrets.token_urlsafe(32)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """The whole system, ready; everything of it ends with the test."""
    whole = Stack(tmp_path / "data", env={"MARKETPLACE_BOOTSTRAP_KEY": KEY})
    whole.start(timeout=120)
    try:
        yield whole
    finally:
        whole.stop()


@pytest.fixture
def key() -> str:
    """An admin's key of the system."""
    return KEY


@pytest.fixture
def random_source(request: pytest.FixtureRequest) -> Callable[[], int]:
    """A seed that is printed with a failure, so that it can be tried again."""

    def draw() -> int:
        seed = secrets.randbelow(1 << 32)
        print(f"seed of {request.node.name}: {seed}")
        return seed

    return draw
