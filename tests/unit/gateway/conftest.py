"""What the tests of the gateway without servers have in common."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.ui import i18n


@pytest.fixture(autouse=True)
def in_the_first_language() -> Iterator[None]:
    """Begin each test in English: a request's language goes with its task, and a test without one leaves it behind."""
    i18n.use(i18n.DEFAULT)
    yield
    i18n.use(i18n.DEFAULT)
