"""A query that joins orders with their buyers' telephones writes each item once for each of them."""

from gateway.intake.layouts.joined_rows import JOINED
from tests.unit.gateway.intake.tables import reading, sold

HEADER = "pedido_id;data_pedido;sku;quantidade;valor_total;telefone"
ITEMS = [f"{9000 + n // 2};2026-10-{1 + n:02d};SKU-{n % 5};1;{10 + n},00" for n in range(20)]
TRUTH = float(sum(10 + n for n in range(20)))


def phones(line: str, *numbers: str) -> list[str]:
    return [f"{line};{number}" for number in numbers]


def joined(several: range) -> list[str]:
    rows = []
    for n, line in enumerate(ITEMS):
        more = ("(11) 3333-4444",) if n in several else ()
        rows += phones(line, f"(11) 9{n // 2:04d}-2222", *more)
    return rows


def test_items_that_a_join_wrote_for_each_telephone_count_once() -> None:
    found = reading("\n".join([HEADER, *joined(range(4, 10))]))

    assert sold(found)["revenue"].sum() == TRUTH
    assert sold(found)["units"].sum() == 20
    assert JOINED.format(rows=6, column="telefone") in found.report.warnings


def test_two_alike_pieces_of_a_joined_order_stay_two() -> None:
    rows = joined(range(4, 10))
    found = reading("\n".join([HEADER, *rows, rows[4], rows[5]]))

    assert sold(found)["revenue"].sum() == TRUTH + 14


def test_items_that_only_one_telephone_has_are_no_copies() -> None:
    rows = joined(range(4, 10))
    found = reading("\n".join([HEADER, *rows[:5], *rows[6:]]))

    assert sold(found).height == len(rows) - 1
    assert not any("só mudam em" in one for one in found.report.warnings)


def test_one_order_with_two_telephones_may_be_two_sales() -> None:
    found = reading("\n".join([HEADER, *joined(range(4, 5))]))

    assert sold(found).height == 21
