"""SKUs are compared without regard to blanks and case; a margin is unknown where a part of it is."""

import pytest

from schemas.product import Product, sku_key


@pytest.mark.parametrize("written", ["ab-1", " AB-1 ", "Ab-1", "\tAB-1\u00a0"])
def test_a_sku_is_the_same_however_it_is_written(written: str) -> None:
    assert sku_key(written) == "ab-1"


def test_blanks_within_a_sku_count_once() -> None:
    assert sku_key("AB  1") == sku_key("ab 1") != sku_key("ab1")


def test_a_margin_needs_a_contribution_and_a_revenue() -> None:
    assert Product("A", "a", 1.0, 100.0, 1, contribution=25.0).margin == 0.25
    assert Product("A", "a", 1.0, 100.0, 1).margin is None
    assert Product("A", "a", 1.0, 0.0, 1, contribution=25.0).margin is None
