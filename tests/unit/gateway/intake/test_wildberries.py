"""Wildberries' detailed report: sales, returns and deliveries in rows of their own, to the cent."""

from pathlib import Path

import pytest

from gateway.intake import Limits
from gateway.intake.document import read

REPORT = """\
№;Артикул поставщика;Название;Обоснование для оплаты;Дата продажи;Кол-во;Вайлдберриз реализовал Товар (Пр);\
К перечислению Продавцу за реализованный Товар;Услуги по доставке товара покупателю;Общая сумма штрафов;Srid
1;V-1;Ваза;Продажа;2026-03-02;1;1000,00;780,00;0,00;0,00;s1
2;V-1;Ваза;Логистика;2026-03-02;0;0,00;0,00;50,00;0,00;s1
3;C-1;Кружка;Продажа;2026-03-03;2;400,00;312,00;0,00;0,00;s2
4;C-1;Кружка;Возврат;2026-03-04;1;200,00;156,00;0,00;0,00;s2
5;C-1;Кружка;Логистика;2026-03-04;0;0,00;0,00;45,50;0,00;s3
6;;;Штраф;2026-03-05;0;0,00;0,00;0,00;120,00;"""
TRUTH = {
    "revenue": 1400.0,
    "orders": 2,
    "units": 3,
    "refunds": 200.0,
    "returned_units": 1,
    "fees": 264.0,
    "shipping_cost": 95.5,
    "net_receipts": 840.5,
}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1251"])
def test_a_weeks_report_is_right_to_the_cent(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "report.csv").write_bytes(REPORT.encode(encoding, errors="replace"))
    found = read(tmp_path / "report.csv", "report.csv", ["own_store"], Limits())
    figures = {one.metric: one.value for one in found.channels[0].figures}

    assert found.tables[0].layout == "wildberries.report"
    assert {metric: figures.get(metric) for metric in TRUTH} == pytest.approx(TRUTH)
    assert "cancellation_rate" not in figures
    assert any("Штраф: -120,00" in warning for warning in found.tables[0].warnings)
