"""Shopee's order export as it is written in Vietnam and in Thailand: whole đồng as numbers, baht as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden, scaled, without_freight
from local.samples.catalog import LOSER, RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.workbook import Cell, write_workbook

_VIETNAMESE: Final = Scenario(fee_rate=0.12, fixed_fee=0.0, discount=0.24, unpaid=0.04, slow=0.3, has_loser=False)
_THAI: Final = Scenario(fee_rate=0.24, fixed_fee=9.0, discount=0.0, cancelled=0.11, unpaid=0.02)
#: What one of the catalogue's prices is in đồng and in baht.
_DONG: Final = 4700
_BAHT: Final = 6
_FREIGHT_VND: Final = 32_000
_FREIGHT_THB: Final = 40
_VIETNAMESE_HEADER: Final = (
    "Mã đơn hàng", "Mã Kiện Hàng", "Ngày đặt hàng", "Trạng Thái Đơn Hàng", "Lý do hủy", "Nhận xét từ Người mua",
    "Mã vận đơn", "Đơn Vị Vận Chuyển", "Phương thức giao hàng", "Ngày giao hàng dự kiến", "Thời gian giao hàng",
    "Trạng thái Trả hàng/Hoàn tiền", "SKU sản phẩm", "Tên sản phẩm", "Cân nặng sản phẩm", "SKU phân loại hàng",
    "Tên phân loại hàng", "Giá gốc", "Người bán trợ giá", "Giá ưu đãi", "Số lượng",
    "Số lượng sản phẩm được hoàn trả", "Tổng giá bán (sản phẩm)", "Tổng giá trị đơn hàng (VND)",
    "Mã giảm giá của Shop", "Mã giảm giá của Shopee", "Phí vận chuyển (dự kiến)",
    "Phí vận chuyển mà người mua trả", "Phí vận chuyển tài trợ bởi Shopee (dự kiến)", "Phí trả hàng",
    "Tổng số tiền người mua thanh toán", "Thời gian đơn hàng được thanh toán", "Phương thức thanh toán",
    "Phí cố định", "Phí Dịch Vụ", "Phí thanh toán", "Người Mua", "Tên Người nhận", "Số điện thoại",
    "Tỉnh/Thành phố", "Địa chỉ nhận hàng", "Quốc gia", "Ghi chú",
)  # fmt: skip
_THAI_HEADER: Final = (
    "หมายเลขคำสั่งซื้อ", "สถานะการสั่งซื้อ", "Hot Listing", "เหตุผลในการยกเลิกคำสั่งซื้อ", "สถานะการคืนเงินหรือคืนสินค้า",
    "ชื่อผู้ใช้ (ผู้ซื้อ)", "วันที่ทำการสั่งซื้อ", "เวลาการชำระสินค้า", "ช่องทางการชำระเงิน", "ตัวเลือกการจัดส่ง",
    "*หมายเลขติดตามพัสดุ", "วันที่คาดว่าจะทำการจัดส่งสินค้า", "เวลาส่งสินค้า", "เลขอ้างอิง Parent SKU", "ชื่อสินค้า",
    "เลขอ้างอิง SKU (SKU Reference No.)", "ชื่อตัวเลือก", "ราคาตั้งต้น", "ราคาขาย", "จำนวน", "จำนวนที่ส่งคืน",
    "ราคาขายสุทธิ", "โค้ดส่วนลดชำระโดยผู้ขาย", "โค้ดส่วนลดชำระโดย Shopee", "ค่าจัดส่งที่ชำระโดยผู้ซื้อ",
    "ค่าจัดส่งที่ Shopee ออกให้โดยประมาณ", "ค่าจัดส่งสินค้าคืน", "ค่าคอมมิชชั่น", "Transaction Fee", "ค่าบริการ",
    "จำนวนเงินทั้งหมด", "ค่าจัดส่งโดยประมาณ", "ชื่อผู้รับ", "หมายเลขโทรศัพท์", "หมายเหตุจากผู้ซื้อ", "ที่อยู่ในการจัดส่ง",
    "ประเทศ", "จังหวัด", "รหัสไปรษณีย์",
)  # fmt: skip
_IN_VIETNAMESE: Final = {
    "sold": ("Hoàn thành", "Đã giao"),
    "returned": ("Hoàn thành",),
    "cancelled": ("Đã hủy",),
    "unpaid": ("Chưa thanh toán",),
}
_IN_THAI: Final = {
    "sold": ("สำเร็จแล้ว", "การจัดส่ง"),
    "returned": ("สำเร็จแล้ว",),
    "cancelled": ("ยกเลิกแล้ว",),
    "unpaid": ("ยังไม่ชำระ",),
}


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write both workbooks. The freight is the buyer's, or Shopee's: the seller pays none."""
    vietnam = market(Random(f"shopee-vn-{seed}"), rows, _VIETNAMESE)
    thailand = market(Random(f"shopee-th-{seed}"), rows, _THAI)
    return [
        _vietnamese(folder / "Order.all.shopee.vn.xlsx", without_freight(scaled(vietnam, _DONG, digits=0))),
        _thai(folder / "Order.all.shopee.th.xlsx", without_freight(scaled(thailand, _BAHT))),
    ]


def _vietnamese(path: Path, sold: Market) -> Golden:
    rows = ([*_vietnamese_row(order, line)] for order in sold.orders for line in order.lines)
    write_workbook(path, {"orders": _headed(_VIETNAMESE_HEADER, rows)})
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "discounts": "", "slow-dispatch": ""}
    truth = sold.truth(planted=planted, costs=True, returns=True)
    return Golden(path, ["shopee"], "shopee.order_all", {"shopee": truth}, {"shopee": "VND"})


def _thai(path: Path, sold: Market) -> Golden:
    rows = ([*_thai_row(order, line)] for order in sold.orders for line in order.lines)
    write_workbook(path, {"orders": _headed(_THAI_HEADER, rows)})
    planted = {
        "returns": RETURNED.sku, "stock-out": SILENT.sku, "losses": LOSER.sku, "fees": "", "cancellations": "",
    }  # fmt: skip
    truth = sold.truth(planted=planted, costs=True, returns=True)
    return Golden(path, ["shopee"], "shopee.order_all", {"shopee": truth}, {"shopee": "THB"})


def _headed(header: tuple[str, ...], rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
    yield list(header)
    yield from rows


def _said(words: tuple[str, ...], order: Order) -> str:
    return words[order.number % len(words)]


def _vietnamese_row(order: Order, line: Line) -> list[Cell]:
    buyer = order.buyer
    is_sent = order.status in ("sold", "returned")
    at = f"{order.at:%Y-%m-%d %H:%M}"
    service, payment = round(order.fee * 0.4), round(order.fee * 0.2)
    return [
        f"26{order.number:06d}VNKQ", f"OFG{order.number:012d}", at, _said(_IN_VIETNAMESE[order.status], order),
        "Đổi ý" if order.status == "cancelled" else "", "", f"SPXVN{order.number:011d}", "SPX Express", "Nhanh", at,
        f"{order.dispatched:%Y-%m-%d %H:%M}" if is_sent else "",
        "Đã Chấp Thuận Yêu Cầu" if order.status == "returned" else "", "", line.item.title, "0.2", line.item.sku, "",
        line.list_price, line.list_price - line.price, line.price, line.units, line.returned_units, line.revenue,
        order.revenue, 0, 0, _FREIGHT_VND, _FREIGHT_VND, 0, 0, order.revenue + _FREIGHT_VND, at if is_sent else "-",
        "Thanh toán khi nhận hàng", order.fee - service - payment, service, payment, buyer.login, buyer.name,
        buyer.phone, buyer.city, buyer.street, "VN", "",
    ]  # fmt: skip


def _thai_row(order: Order, line: Line) -> list[Cell]:
    buyer = order.buyer
    is_sent = order.status in ("sold", "returned")
    at = f"{order.at:%Y-%m-%d %H:%M}"
    service, payment = round(order.fee * 0.3, 2), round(order.fee * 0.15, 2)
    freight = f"{_FREIGHT_THB:.2f}"
    return [
        f"26{order.number:06d}THKQ", _said(_IN_THAI[order.status], order), "N",
        "ผู้ซื้อเปลี่ยนใจ" if order.status == "cancelled" else "",
        "คำขอได้รับการยอมรับแล้ว" if order.status == "returned" else "", buyer.login, at, at if is_sent else "-",
        "บัตรเครดิต", "SPX Express", f"TH{order.number:011d}", at,
        f"{order.dispatched:%Y-%m-%d %H:%M}" if is_sent else "", "", line.item.title, line.item.sku, "",
        f"{line.list_price:,.2f}", f"{line.price:,.2f}", line.units, line.returned_units, f"{line.revenue:,.2f}",
        "0.00", "0.00", freight, "0.00", "0.00", f"{order.fee - service - payment:,.2f}", f"{payment:,.2f}",
        f"{service:,.2f}", f"{order.revenue + _FREIGHT_THB:,.2f}", freight, buyer.name, buyer.phone, "",
        buyer.street, "TH", buyer.state, buyer.postcode,
    ]  # fmt: skip
