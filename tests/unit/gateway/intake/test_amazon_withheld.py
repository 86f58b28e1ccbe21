"""Taxes that Amazon keeps back from the seller, and that no buyer paid beside the price: they are costs of the sale."""

from tests.unit.gateway.intake.tables import reading, sold

HEAD = (
    "fecha/hora;Id. de liquidación;tipo;Id. del pedido;sku;descripción;cantidad;ventas de productos;"
    "impuesto de ventas de productos;créditos de envío;descuentos promocionales;"
    "impuesto de retenciones en la plataforma;tarifas de venta;tarifas fba;otro;total"
)
ROWS = (
    "2 mar 2026 11:06:00 GMT-6;23;Pedido;701-1;A-1;Taza;1;100.00;{tax};0;0;{kept};-15.00;-20.00;0;{left}",
    "3 mar 2026 12:00:00 GMT-6;23;Pedido;701-2;B-2;Foco;2;200.00;{tax};0;0;{kept};-30.00;-20.00;0;{more}",
)


def _read(**amounts: str) -> tuple[float, float, str]:
    found = reading("\n".join([HEAD, *(row.format(**amounts) for row in ROWS)]), ["amazon"])
    return float(sold(found)["fees"].sum()), float(sold(found)["net"].sum()), " ".join(found.report.warnings)


def test_what_is_kept_back_and_no_buyer_paid_counts_among_the_fees() -> None:
    fees, net, said = _read(tax="0", kept="-9.00", left="56.00", more="141.00")

    assert (fees, net) == (103, 197), "the net is Amazon's own total"
    assert "“impuesto de retenciones en la plataforma”, 18,00 ao todo" in said


def test_what_buyers_paid_and_amazon_kept_back_costs_nothing() -> None:
    fees, net, said = _read(tax="16.00", kept="-16.00", left="65.00", more="150.00")

    assert (fees, net) == (85, 215)
    assert "reteve" not in said


def test_what_buyers_paid_and_amazon_did_not_keep_back_is_not_the_sellers() -> None:
    fees, net, said = _read(tax="16.00", kept="-9.00", left="72.00", more="157.00")

    assert (fees, net) == (85, 215)
    assert "contém 14,00 de impostos que os compradores pagaram" in said
