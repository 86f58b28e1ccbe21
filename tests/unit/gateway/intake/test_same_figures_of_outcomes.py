"""What became of an order, and who paid what, gives the same figures in five languages, however a store names it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.unit.gateway.intake.tables import Row
from tests.unit.gateway.intake.test_same_figures import figures

#: language -> field -> names that all mean it
NAMES: Final[dict[str, dict[str, list[str]]]] = {
    "pt": {
        "order_id": ["Pedido", "Número do Pedido", "id_pedido", "Nº do pedido"],
        "at": ["Data da venda", "dt_pedido", "Data"],
        "sku": ["SKU", "cod_produto", "Código"],
        "units": ["Quantidade", "Qtd", "qtde_itens"],
        "price": ["Preço unitário", "vlr_unitario"],
        "revenue": ["Valor total", "vl_total", "Total do item", "Total"],
        "fees": ["Comissão", "Tarifa de venda", "vlr_comissao", "Taxa do marketplace"],
        "shipping": ["Frete do vendedor", "Custo do frete", "custo_envio"],
        "buyers": ["Frete pago pelo comprador", "Frete pago pelo cliente", "frete_cliente"],
        "discount": ["Desconto", "vl_desconto", "Desconto do vendedor", "Valor do desconto"],
        "refund": ["Valor reembolsado", "Reembolso", "vl_estorno", "Valor estornado"],
        "status": ["Status", "Situação", "Status do pedido"],
    },
    "en": {
        "order_id": ["Order ID", "Order Number", "order_no", "Order #"],
        "at": ["Order Date", "created_at", "Date"],
        "sku": ["SKU", "Item SKU", "product_code"],
        "units": ["Quantity", "Qty", "units_sold"],
        "price": ["Unit Price", "unit_price", "Price"],
        "revenue": ["Total", "Line Total", "total_amount", "Gross Sales"],
        "fees": ["Commission", "Marketplace Fee", "selling_fees", "Platform fee"],
        "shipping": ["Seller Shipping Cost", "Shipping cost"],
        "buyers": ["Shipping paid by buyer", "Buyer paid shipping", "shipping_charged"],
        "discount": ["Discount", "discount_amount", "Seller discount"],
        "refund": ["Refund Amount", "refund_total", "Amount refunded"],
        "status": ["Status", "Order Status", "order_state"],
    },
    "es": {
        "order_id": ["Pedido", "Número de orden", "N° de pedido", "id_orden"],
        "at": ["Fecha de venta", "Fecha", "fecha_pedido"],
        "sku": ["SKU", "Código", "codigo_producto"],
        "units": ["Cantidad", "Unidades", "cant"],
        "price": ["Precio unitario", "precio_unit"],
        "revenue": ["Importe total", "Total", "monto_total", "Importe"],
        "fees": ["Comisión", "Cargo por venta", "comision_marketplace", "Comisión por venta"],
        "shipping": ["Costo de envío del vendedor", "Costo de envío", "costo_envio"],
        "buyers": ["Envío pagado por el comprador", "Envío cobrado al cliente"],
        "discount": ["Descuento", "monto_descuento", "Descuento del vendedor", "Bonificación"],
        "refund": ["Reembolso", "Monto reembolsado", "Importe reembolsado", "Devolución de dinero"],
        "status": ["Estado", "Estado del pedido", "Situación"],
    },
    "vi": {
        "order_id": ["Mã đơn hàng", "Mã đơn", "ma_don_hang", "Số đơn hàng"],
        "at": ["Ngày đặt hàng", "Ngày", "Thời gian đặt hàng"],
        "sku": ["Mã sản phẩm", "SKU", "Mã hàng"],
        "units": ["Số lượng", "SL", "so_luong"],
        "price": ["Đơn giá", "Giá bán", "don_gia"],
        "revenue": ["Thành tiền", "Tổng tiền", "Doanh thu", "thanh_tien"],
        "fees": ["Phí hoa hồng", "Phí sàn", "Hoa hồng", "Phí giao dịch"],
        "shipping": ["Phí vận chuyển người bán trả", "Phí vận chuyển (người bán trả)"],
        "buyers": ["Phí vận chuyển người mua trả", "Phí ship khách trả"],
        "discount": ["Giảm giá", "Chiết khấu", "Giảm giá của người bán", "Tiền giảm giá"],
        "refund": ["Số tiền hoàn", "Tiền hoàn trả", "Hoàn tiền", "Số tiền hoàn lại"],
        "status": ["Trạng thái", "Trạng thái đơn hàng", "Tình trạng"],
    },
    "id": {
        "order_id": ["No. Pesanan", "Nomor Pesanan", "ID Pesanan", "no_invoice"],
        "at": ["Tanggal", "Tanggal Pesanan", "Waktu Pesanan Dibuat"],
        "sku": ["SKU", "Kode Produk", "Kode Barang"],
        "units": ["Jumlah", "Qty", "Kuantitas"],
        "price": ["Harga Satuan", "Harga", "harga_satuan"],
        "revenue": ["Total Harga", "Total", "Subtotal", "total_penjualan"],
        "fees": ["Biaya Admin", "Komisi", "Biaya Layanan", "Biaya Komisi"],
        "shipping": ["Ongkos Kirim Penjual", "Biaya Pengiriman Ditanggung Penjual"],
        "buyers": ["Ongkos Kirim Dibayar oleh Pembeli", "Ongkir dibayar pembeli"],
        "discount": ["Diskon", "Potongan Harga", "Diskon Penjual", "Total Diskon"],
        "refund": ["Pengembalian Dana", "Jumlah Refund", "Dana Dikembalikan"],
        "status": ["Status", "Status Pesanan", "status_pesanan"],
    },
}
#: language -> what became of an order -> texts that all say it
STATES: Final[dict[str, dict[str, list[str]]]] = {
    "pt": {
        "sold": ["Entregue", "Enviado", "Pago", "Concluído", "Faturado"],
        "cancelled": ["Cancelado", "Cancelado pelo comprador", "cancelada"],
        "unpaid": ["Aguardando pagamento", "Pagamento pendente", "Não pago", "Pagamento recusado"],
        "returned": ["Devolvido", "Devolução concluída", "Reembolsado"],
    },
    "en": {
        "sold": ["Completed", "Shipped", "Delivered", "Paid", "Fulfilled"],
        "cancelled": ["Cancelled", "Canceled", "Canceled by buyer"],
        "unpaid": ["Pending payment", "Unpaid", "Awaiting payment", "Payment failed"],
        "returned": ["Returned", "Refunded", "Return completed"],
    },
    "es": {
        "sold": ["Entregado", "Enviado", "Pagado", "Completado", "Despachado"],
        "cancelled": ["Cancelado", "Cancelada por el comprador", "Anulado"],
        "unpaid": ["Pendiente de pago", "Esperando pago", "Pago rechazado", "No pagado"],
        "returned": ["Devuelto", "Reembolsado", "Devolución completada"],
    },
    "vi": {
        "sold": ["Hoàn thành", "Đã giao", "Đang giao", "Đã thanh toán"],
        "cancelled": ["Đã hủy", "Hủy", "Người mua hủy", "Đơn hủy"],
        "unpaid": ["Chờ thanh toán", "Chưa thanh toán"],
        "returned": ["Trả hàng", "Đã hoàn trả", "Đã hoàn tiền"],
    },
    "id": {
        "sold": ["Selesai", "Dikirim", "Terkirim", "Sudah Dibayar"],
        "cancelled": ["Dibatalkan", "Batal", "Pesanan Dibatalkan"],
        "unpaid": ["Belum dibayar", "Menunggu pembayaran"],
        "returned": ["Dikembalikan", "Retur", "Pengembalian selesai"],
    },
}
#: Each table takes half a second, and is small already: none is made smaller. They are the same each time.
PHASES: Final = (Phase.explicit, Phase.reuse, Phase.generate)
OUTCOMES: Final = ("sold", "cancelled", "unpaid", "returned")


@dataclass(frozen=True, slots=True)
class Sale:
    """One order of one product. Amounts are in cents; `total` is what the buyer pays for the items."""

    order: int
    day: dt.date
    product: str
    units: int
    price: int
    fee: int
    freight: int
    buyers: int
    off: int
    outcome: str

    @property
    def total(self) -> int:
        return self.units * self.price - self.off


ONE: Final = st.builds(
    Sale,
    order=st.integers(70_010, 70_999),
    day=st.dates(dt.date(2026, 1, 13), dt.date(2026, 3, 31)),
    product=st.sampled_from(["KX-001", "KX-002", "KX-003", "KX-004"]),
    units=st.integers(1, 4),
    price=st.integers(1_901, 25_000).filter(lambda cents: cents % 100),
    fee=st.integers(151, 1_799),
    freight=st.integers(501, 1_899),
    buyers=st.just(0) | st.integers(300, 1_800),
    off=st.just(0) | st.integers(100, 900),
    outcome=st.sampled_from(OUTCOMES),
)
#: Each outcome once at least, and sales enough that a column tells what it is.
SALES: Final = st.tuples(
    st.lists(ONE, min_size=8, max_size=8),
    st.lists(ONE, max_size=16),
).map(lambda drawn: _of_all_outcomes(*drawn))


def _of_all_outcomes(first: list[Sale], others: list[Sale]) -> list[Sale]:
    """Return the sales with different orders, the first ones with one outcome each."""
    ended = [replace(sale, outcome=said) for sale, said in zip(first, [*OUTCOMES, *["sold"] * 4], strict=True)]
    return [replace(sale, order=70_010 + n * 3) for n, sale in enumerate([*ended, *others])]


def money(cents: int, language: str) -> str:
    """Return an amount as it is written where the language is spoken."""
    text = f"{cents / 100:,.2f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def rows_of(
    sales: list[Sale], language: str, names: dict[str, str], states: list[str], *, with_freight: bool
) -> list[Row]:
    """Return the table, in the order of the names. `with_freight`: its totals contain what the buyer paid for it."""
    rows: list[Row] = [list(names.values())]
    for sale, state in zip(sales, states, strict=True):
        amounts = {
            "price": sale.price,
            "revenue": sale.total + sale.buyers * with_freight,
            "fees": sale.fee,
            "shipping": sale.freight,
            "buyers": sale.buyers,
            "discount": sale.off,
            "refund": sale.total if sale.outcome == "returned" else 0,
        }
        values = {
            "order_id": str(sale.order),
            "at": sale.day.strftime("%Y-%m-%d" if language == "en" else "%d/%m/%Y"),
            "sku": sale.product,
            "units": str(sale.units),
            "status": state,
            **{name: money(cents, language) for name, cents in amounts.items()},
        }
        rows.append([values[name] for name in names])
    return rows


def expected(sales: list[Sale]) -> dict[str, float]:
    """Return what the sales add up to, counted without any of our code. Returned ones are sales, too."""
    kept = [sale for sale in sales if sale.outcome in {"sold", "returned"}]
    back = [sale for sale in kept if sale.outcome == "returned"]
    cancelled = sum(sale.outcome == "cancelled" for sale in sales)
    return {
        "revenue": sum(sale.total for sale in kept) / 100,
        "orders": len(kept),
        "units": sum(sale.units for sale in kept),
        "fees": sum(sale.fee for sale in kept) / 100,
        "shipping_cost": sum(sale.freight for sale in kept) / 100,
        "refunds": sum(sale.total for sale in back) / 100,
        "returned_units": sum(sale.units for sale in back),
        "cancellation_rate": cancelled / (cancelled + len(kept)),
    }


@pytest.mark.parametrize("language", NAMES)
@settings(max_examples=15, deadline=None, phases=PHASES, derandomize=True)
@given(sales=SALES, data=st.data())
def test_names_states_and_order_of_columns_change_nothing(
    language: str, sales: list[Sale], data: st.DataObject
) -> None:
    """A column's name is drawn for the table, the text of an outcome for each row: people write it in several words."""
    order = data.draw(st.permutations(list(NAMES[language])))
    names = {field: data.draw(st.sampled_from(NAMES[language][field])) for field in order}
    states = [data.draw(st.sampled_from(STATES[language][sale.outcome])) for sale in sales]
    with_freight = data.draw(st.booleans())
    found = figures(rows_of(sales, language, names, states, with_freight=with_freight))

    assert {name: found[name] for name in expected(sales)} == pytest.approx(expected(sales), abs=0.005)
