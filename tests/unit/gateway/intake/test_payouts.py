"""Reports of payouts and of summed sales (`payout_reports.py`): right to the cent, or told why not."""

import csv
import io
import json
from pathlib import Path

import pytest

from gateway.intake import Limits
from gateway.intake.document import read
from gateway.intake.layouts.day_or_month import DAY_OR_MONTH
from schemas.channels import CHANNELS
from schemas.facts import ChannelFacts, DocumentFacts
from tests.unit.gateway.intake.payout_reports import REPORTS, Report
from tests.unit.gateway.intake.payout_reports_abroad import OF_ITS_UPLOAD, REPORTS_ABROAD

BY_NAME = {report.name: report for report in (*REPORTS, *REPORTS_ABROAD)}
OF_UPLOAD = {report.name: report for report in OF_ITS_UPLOAD}


def facts(folder: Path, text: str, separator: str = ",", channels: tuple[str, ...] = tuple(CHANNELS)) -> DocumentFacts:
    name = "relatorio.txt" if separator == "\t" else "relatorio.csv"
    (folder / name).write_text(text, "utf-8")
    return read(folder / name, name, list(channels), Limits())


@pytest.mark.parametrize("name", BY_NAME)
def test_a_report_is_right_to_the_cent(tmp_path: Path, name: str) -> None:
    report: Report = BY_NAME[name]
    found = facts(tmp_path, report.text, report.separator)
    figures = {channel.channel: {one.metric: one.value for one in channel.figures} for channel in found.channels}
    told = " ".join(warning for table in found.tables for warning in table.warnings)

    assert [table.layout for table in found.tables] == [report.layout]
    assert figures.keys() == report.truth.keys()
    for channel, truth in report.truth.items():
        assert {metric: figures[channel].get(metric) for metric in truth} == pytest.approx(truth)
        assert not figures[channel].keys() & set(report.unknown)
    assert [part for part in report.told if part not in told] == []
    assert not any(person in json.dumps(found.to_dict()) for person in ("Zuleica", "zuleica", "Teobaldo", "teobaldo"))


@pytest.mark.parametrize("report", OF_ITS_UPLOAD, ids=lambda report: report.name)
def test_a_report_without_a_channel_of_its_own_is_of_the_one_that_is_asked_about(
    tmp_path: Path, report: Report
) -> None:
    found = facts(tmp_path, report.text, report.separator, ("own_store",))
    (own,) = found.channels
    figures = {one.metric: one.value for one in own.figures}
    told = " ".join(warning for table in found.tables for warning in table.warnings)
    truth = report.truth[own.channel]

    assert [table.layout for table in found.tables] == [report.layout]
    assert {metric: figures.get(metric) for metric in truth} == pytest.approx(truth)
    assert [part for part in report.told if part not in told] == []
    assert "Zuleica" not in json.dumps(found.to_dict())


@pytest.mark.parametrize("name", BY_NAME)
def test_the_order_of_columns_and_a_column_that_is_new_change_nothing(tmp_path: Path, name: str) -> None:
    report = BY_NAME[name]
    rows = list(csv.reader(io.StringIO(report.text), delimiter=report.separator))
    width = max(map(len, rows))
    turned = [[*reversed(row), "Coluna nova"] if len(row) == width else row for row in rows]
    text = io.StringIO()
    csv.writer(text, delimiter=report.separator, lineterminator="\n").writerows(turned)
    before, after = (facts(tmp_path, one, report.separator) for one in (report.text, text.getvalue()))

    assert text.getvalue() != report.text
    assert [one.figures for one in after.channels] == [one.figures for one in before.channels]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Amazon transactions in English", "product sales"),
        ("Amazon transactions in English", "total"),
        ("Mercado Pago releases", "GROSS_AMOUNT"),
        ("Mercado Pago transactions", "TRANSACTION_AMOUNT"),
        ("Mercado Pago transactions", "SETTLEMENT_NET_AMOUNT"),
        ("TikTok income", "Total settlement amount"),
        ("PayPal's activity", "Net"),
        ("Shopify payouts", "Amount"),
        ("Shopify payouts", "Net"),
        ("Amazon settlement", "amount"),
        ("Amazon settlement, first form", "price-amount"),
        ("Amazon settlement, first form", "item-related-fee-amount"),
        ("Etsy statement", "Amount"),
        ("Etsy statement", "Net"),
    ],
)
def test_a_sale_or_refund_without_an_amount_is_left_out_and_told_and_never_counts_as_nothing(
    tmp_path: Path, name: str, column: str
) -> None:
    report = (BY_NAME | OF_UPLOAD)[name]
    rows = list(csv.reader(io.StringIO(report.text), delimiter=report.separator))
    head = next(place for place, row in enumerate(rows) if column in row)
    at = rows[head].index(column)
    channels = ("own_store",) if report in OF_ITS_UPLOAD else tuple(CHANNELS)
    before = facts(tmp_path, report.text, report.separator, channels).channels
    left_out = 0
    for place in range(head + 1, len(rows)):
        text = io.StringIO()
        blank = [*rows[place][:at], "", *rows[place][at + 1 :]]
        csv.writer(text, delimiter=report.separator).writerows([*rows[:place], blank, *rows[place + 1 :]])
        found = facts(tmp_path, text.getvalue(), report.separator, channels)
        told = any("ficaram de fora, com tudo de seus" in warning for warning in found.tables[0].warnings)
        left, of_all = (
            {one.channel: [_value(one, name) for name in ("orders", "refunds")] for one in each}
            for each in (found.channels, before)
        )
        assert told == (left != of_all)
        left_out += told
    assert left_out


def _value(channel: ChannelFacts, metric: str) -> float | None:
    return next((one.value for one in channel.figures if one.metric == metric), None)


def test_payouts_that_are_summed_up_are_called_so(tmp_path: Path) -> None:
    text = """Payout Date,Status,Charges,Refunds,Adjustments,Reserved Funds,Fees,Retried Amount,Total,Currency
2026-09-03,paid,450.00,-20.00,0.00,0.00,-13.35,0.00,416.65,USD
2026-09-04,paid,150.00,-10.00,0.00,0.00,-3.35,0.00,136.65,USD"""
    found = facts(tmp_path, text)

    assert ([table.kind for table in found.tables], found.channels) == (["payouts"], [])


def test_a_promotion_that_may_be_of_the_freight_is_told(tmp_path: Path) -> None:
    text = BY_NAME["Amazon transactions"].text.replace('"3,19",0,"-3,19"', '"3,19",0,"-4,00"').replace("61,85", "61,04")
    found = facts(tmp_path, text)
    revenue = next(one.value for one in found.channels[0].figures if one.metric == "revenue")

    assert revenue == pytest.approx(1265.97 - 4.00)
    assert any("até 3,19 maior" in warning for warning in found.tables[0].warnings)


def test_payments_of_nobody_are_of_the_only_store_that_is_asked_about(tmp_path: Path) -> None:
    text = BY_NAME["Mercado Pago transactions"].text
    found = {
        asked: [one.channel for one in facts(tmp_path, text, ";", asked).channels]
        for asked in (("own_store",), ("mercado_livre",), ("own_store", "mercado_livre"))
    }

    assert list(found.values()) == [["own_store"], ["mercado_livre"], ["mercado_livre"]]


def test_whom_money_was_sent_to_is_not_told(tmp_path: Path) -> None:
    text = BY_NAME["Mercado Pago releases"].text.replace(
        "release;payout;", "release;Transferência Pix para Zuleica Brantes;"
    )
    told = json.dumps(facts(tmp_path, text, ";").to_dict(), ensure_ascii=False)

    assert "Transferência: -100,00" in told
    assert "Zuleica" not in told


def test_a_refund_without_units_leaves_returned_units_unknown(tmp_path: Path) -> None:
    report = BY_NAME["Amazon settlement"]
    text = report.text.replace("-30.00\t2026-09-05\tB-2\t1", "-30.00\t2026-09-05\tB-2\t")
    found = {one.metric for one in facts(tmp_path, text, "\t").channels[0].figures}

    assert text != report.text
    assert not {"returned_units", "return_rate"} & found


def test_sales_without_units_leave_units_unknown(tmp_path: Path) -> None:
    report = BY_NAME["Amazon settlement"]
    rows = [row.split("\t") for row in report.text.splitlines()]
    units = rows[0].index("quantity-purchased")
    text = "\n".join("\t".join("" if i == units and n else one for i, one in enumerate(r)) for n, r in enumerate(rows))
    found = {one.metric for one in facts(tmp_path, text, "\t").channels[0].figures}

    assert "revenue" in found
    assert not {"units", "returned_units", "return_rate"} & found


def test_a_refund_of_tiktok_in_a_row_of_its_own_is_one(tmp_path: Path) -> None:
    text = """Order/adjustment ID,Type,Order created time,Currency,Total settlement amount,Total revenue,\
Subtotal after seller discounts,Total fees
571,Order,2026/09/03,USD,21.10,25.00,25.00,-3.90
572,Order,2026/09/04,USD,12.70,15.00,15.00,-2.30
572,Refund,2026/09/08,USD,-12.70,-15.00,-15.00,2.30"""
    figures = {one.metric: one.value for one in facts(tmp_path, text).channels[0].figures}

    assert (figures["revenue"], figures["orders"], figures["refunds"], figures["fees"]) == (40, 2, 15, 3.9)
    assert figures["net_receipts"] == pytest.approx(21.1)


def test_an_order_counts_by_its_own_row_where_its_products_do_not_add_up(tmp_path: Path) -> None:
    report = BY_NAME["Shopee income"]
    text = report.text.replace("SC;40,00;50,00", "SC;39,00;50,00")
    found = {one.metric: one.value for one in facts(tmp_path, text, ";").channels[0].figures}

    assert text != report.text
    assert (found["revenue"], found["net_receipts"], found["orders"]) == (305.0, 191.5, 3)


def test_what_else_a_workbook_of_payouts_has_is_told_and_not_added(tmp_path: Path) -> None:
    head = "Data de conclusão do ajuste;Tipo/Descrição do ajuste;Motivo do ajuste;Valor do ajuste;Pedido relacionado"
    adjusted = facts(tmp_path, f"{head}\n2026-04-15;DIFAL;ICMS;-4,20;26040A1\n2026-04-16;DIFAL;ICMS;1,00;26040A2", ";")
    detailed = facts(
        tmp_path, "Número da sequência;ID do pedido;Taxa de Transação;Taxa por item vendido\n1;26040A1;0;-3,5", ";"
    )
    stated = facts(
        tmp_path,
        "Statement date,Statement ID,Payment ID,Status,Total settlement amount,Net sales,Shipping,Fees\n"
        "2026/08/12,1,9,Settled,75.00,90.00,0,-15.00\n2026/08/13,2,9,Settled,-1.20,0,0,-1.20",
    )

    assert [table.kind for one in (adjusted, detailed, stated) for table in one.tables] == ["payouts"] * 3
    assert stated.channels == []
    assert "somam -3,20" in adjusted.tables[0].warnings[0]
    assert adjusted.channels == detailed.channels == []


def test_woocommerce_analytics_has_no_cancelled_orders(tmp_path: Path) -> None:
    text = """Date,"Order #","N. Revenue (formatted)",Status,Customer,Product(s),"Items sold","N. Revenue"
"2026-08-01 10:00:00",1001,R$100.00,completed,"Zuleica Brantes","Mug, Plate",3,100
"2026-08-02 11:00:00",1002,R$50.00,processing,Teobaldo,Mug,1,50
"2026-08-03 11:00:00",1003,R$-50.00,refunded,Teobaldo,Mug,-1,-50"""
    figures = {one.metric: one.value for one in facts(tmp_path, text, channels=("own_store",)).channels[0].figures}

    assert (figures["revenue"], figures["orders"], figures["units"], figures["refunds"]) == (150, 2, 4, 50)
    assert "cancellation_rate" not in figures


def test_days_of_paypal_of_which_nobody_knows_the_month_are_unknown_and_this_is_told(tmp_path: Path) -> None:
    row = "0{}/03/2026,10:00:00,CET,Payment Received,Completed,EUR,100.00,-2.50,97.50,T{}"
    names = "Date,Time,Timezone,Type,Status,Currency,Gross,Fee,Net,Transaction ID"
    found = facts(tmp_path, "\n".join([names, *(row.format(n, n) for n in (1, 2, 4))]))

    assert found.channels[0].period == []
    assert DAY_OR_MONTH.format(column="Date", rows=3) in found.tables[0].warnings


@pytest.mark.parametrize(
    ("names", "row"),
    [
        ("Date,Ordered Product Sales,Units Ordered,Total Order Items,Sessions - Total", "0{0}/0{1}/2026,$10.00,1,1,50"),
        (
            "Date,Orders,Gross sales,Returns,Coupons,Net sales,Taxes,Shipping,Total sales",
            "0{0}/0{1}/2026,1,10.00,0,0,10.00,0,0,10.00",
        ),
    ],
)
def test_days_that_may_all_be_months_have_no_period_and_their_amounts_count(
    tmp_path: Path, names: str, row: str
) -> None:
    days = ((1, 1), (1, 2), (2, 1))
    found = facts(tmp_path, "\n".join([names, *(row.format(*day) for day in days)]))

    assert (found.channels[0].period, _value(found.channels[0], "revenue")) == ([], 30)
    assert DAY_OR_MONTH.format(column="Date", rows=2) in found.tables[0].warnings
