"""Orders of two shops that gave the same numbers, and numbers that begin with a hash and letters."""

from __future__ import annotations

import pytest

from tests.unit.gateway.intake.tables import reading, sold

HEAD = "{};Pedido;Data;SKU;Produto;Qtd;Preço;Total"


def rows(shop: str, day: int) -> list[str]:
    numbers = (f"{shop};{1000 + n};{day + n:02d}/03/2026;A-{n};Copo;1;10,00;10,00" for n in range(5))
    return [*numbers, f"{shop};1000;{day:02d}/03/2026;B-1;Prato;1;5,00;5,00"]


@pytest.mark.parametrize("shop", ["Loja", "Filial", "Store"])
def test_numbers_that_two_shops_gave_are_of_two_orders(shop: str) -> None:
    lines = sold(reading("\n".join([HEAD.format(shop), *rows("Centro", 1), *rows("Norte", 11)])))

    assert lines["order_id"].n_unique() == 10
    assert (lines["order_id"] == "1000 (Norte)").sum() == 2


def test_an_order_that_two_shops_sent_together_is_one() -> None:
    lines = sold(reading("\n".join([HEAD.format("Loja"), *rows("Centro", 1), *rows("Norte", 1)])))

    assert lines["order_id"].n_unique() == 5


def test_orders_of_two_marketplaces_keep_their_numbers() -> None:
    lines = sold(reading("\n".join([HEAD.format("Canal"), *rows("Shopee", 1), *rows("Amazon", 11)]), ["shopee"]))

    assert lines["order_id"].n_unique() == 5


def test_a_hash_and_letters_before_a_number_number_orders() -> None:
    text = "Mã đơn hàng;Ngày đặt hàng;Trạng thái đơn hàng;Mã SKU;Tên sản phẩm;Số lượng;Đơn giá;Thành tiền\n"
    text += "#DH041;01/03/2026;Hoàn thành;A-1;Cốc;1;10.000;10.000\n;;;B-1;Đĩa;2;20.000;40.000\n"
    text += "#DH042;02/03/2026;Đã hủy;A-1;Cốc;3;10.000;30.000\n;;;B-1;Đĩa;1;20.000;20.000\n"
    lines = sold(reading(text))

    assert lines["order_id"].to_list() == ["#DH041", "#DH041", "#DH042", "#DH042"]
    assert lines["status"].to_list() == ["sold", "sold", "cancelled", "cancelled"]
