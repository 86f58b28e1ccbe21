"""What the tests of the gateway without servers have in common."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.ui import i18n


@pytest.fixture(autouse=True)
def in_the_first_language() -> Iterator[None]:
    """Begin each test in English: a test that handles a request outside of a task would leave its language behind."""
    i18n.use(i18n.DEFAULT)
    yield
    i18n.use(i18n.DEFAULT)
