"""Why things come back, and how far a reputation limit is."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.intake.figures import channel_facts
from gateway.intake.figures.reputation import room
from gateway.intake.layouts.causes import CAUSES, cause_of
from gateway.intake.layouts.lines import LINES
from schemas.facts import Figure

LAST = datetime(2026, 6, 30, 12)  # noqa: DTZ001 - as exports write it


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("está com a caixa original aberta", "packaging"),
        ("a caixa original está danificada", "packaging"),
        ("não está em boas condições", "bad_condition"),
        ("está em boas condições", "good_condition"),
        ("apresenta marcas de uso", "used"),
        ("apresenta defeitos", "defect"),
        ("tem características diferentes daquele enviado", "wrong_item"),
        ("chegou incompleto", "incomplete"),
        ("O tamanho não serviu", "size"),
        ("Produto diferente do anunciado: cor diferente da foto", "not_as_described"),
        ("Cancelado pelo vendedor. Motivo : Sem estoque", "no_stock"),
        ("Cancelado pelo comprador. Motivo : É necessário modificar o pedido", "order_change"),
        ("Customer changed my mind / no longer needed", "regret"),
        ("Package was lost in transit", "late"),
        ("Chocolate", "other"),
        ("Cancelado pelo comprador. Motivo : Outros", "other"),
        (" ", None),
        ("-", None),
        (None, None),
    ],
)
def test_a_text_is_brought_under_its_kind_and_not_kept(text: str | None, cause: str | None) -> None:
    found = cause_of(pl.Series([text], dtype=pl.String))

    assert found is not None
    assert found[0] == cause
    assert cause is None or cause in CAUSES


def order(number: int, **more: Any) -> dict[str, Any]:
    return {
        "channel": "mercado_livre",
        "order_id": f"n{number}",
        "sku": "A",
        "title": "a",
        "status": "sold",
        "units": 1.0,
        "revenue": 10.0,
        "currency": "BRL",
        "at": LAST - timedelta(days=number % 50),
    } | more


def figure(metric: str, *rows: dict[str, Any]) -> Figure | None:
    (own,) = channel_facts(pl.DataFrame(list(rows), schema=LINES), None)
    return next((one for one in own.figures if one.metric == metric), None)


def test_returns_and_cancellations_are_told_by_cause() -> None:
    rows = [
        *[order(n, status="returned", cause="defect", sku="B") for n in range(3)],
        order(3, status="returned", cause="size"),
        order(4, status="sold", cause="used", complaint=True),
        order(5, status="returned"),
        order(6, status="cancelled", cause="no_stock", sku="C"),
        order(7),
    ]
    back, cancelled = figure("returns_by_cause", *rows), figure("cancellations_by_cause", *rows)

    assert back is not None
    assert (back.value, back.skus) == (5, ["B", "A"])
    assert list(back.detail["causes"]) == ["defect", "size", "used"]
    assert back.detail["causes"]["defect"] == {"rows": 3, "share": 0.6, "skus": ["B"]}
    assert back.rows is not None
    assert (back.rows.used, back.rows.left_out) == (5, {"status": 2, "no_cause": 1})
    assert cancelled is not None
    assert cancelled.detail["causes"] == {"no_stock": {"rows": 1, "share": 1.0, "skus": ["C"]}}
    assert figure("returns_by_cause", order(1, status="returned")) is None


def recent(metric: str, *rows: dict[str, Any]) -> Figure:
    found = figure(metric, *rows)
    assert found is not None
    return found


def test_bad_orders_are_counted_with_their_limit_and_room() -> None:
    """Of 200, one is cancelled: at 1.5 % two more fit, for each is an order more."""
    rows = [order(n) for n in range(198)]
    rows += [order(198, status="cancelled", sku="B"), order(199, status="cancelled"), order(199, sku="C")]
    rows += [order(200, status="unpaid")]
    found = recent("recent_cancellations", *rows)

    assert found.detail["successes"] == 1  # of the other, a part was sent
    assert (found.detail["trials"], found.detail["limit"], found.detail["days"]) == (200, 0.015, 60)
    assert found.detail["room"] == 2
    assert found.detail["by_sku"] == {"B": {"bad": 1}}
    assert found.rows is not None
    assert [row.order for row in found.rows.sample] == ["n198"]


def test_claims_are_returns_and_late_is_what_was_sent_late() -> None:
    rows = [order(n, ship_days=1.0) for n in range(90)]
    rows += [
        order(90, status="returned", sku="B", ship_days=3.0),
        order(91, complaint=True),
        order(92, status="cancelled"),
    ]
    claims, late = recent("recent_claims", *rows), recent("recent_late_dispatch", *rows)

    assert (claims.detail["successes"], claims.detail["trials"]) == (1, 93)  # of the dispute the sale stands
    assert (late.detail["successes"], late.detail["trials"], late.skus) == (1, 91, ["B"])


def test_few_orders_are_looked_at_over_a_longer_time_and_very_few_not_at_all() -> None:
    old = [order(n, at=LAST - timedelta(days=100), status="cancelled") for n in range(30)]
    few = [order(100 + n) for n in range(20)]

    assert recent("recent_cancellations", *old, *few).detail["days"] == 365
    assert recent("recent_cancellations", *old, *few).detail["successes"] == 30
    many = [order(100 + n) for n in range(40)]
    assert recent("recent_cancellations", *old, *many).detail["successes"] == 0
    assert figure("recent_cancellations", *few) is None


def test_amazon_judges_a_week_of_cancellations_and_a_month_of_dispatch_and_no_returns() -> None:
    def sold(number: int, days: int = 0, **more: Any) -> dict[str, Any]:
        return order(number, channel="amazon", at=LAST - timedelta(days=days), **more)

    rows = [sold(n, ship_days=1.0) for n in range(97)]
    rows += [sold(97, status="cancelled"), sold(98, ship_days=3.0), sold(99, status="returned")]
    rows += [sold(200 + n, 7, ship_days=3.0, status="cancelled") for n in range(50)]
    rows += [sold(300, 29, ship_days=3.0), sold(301, 30, ship_days=3.0)]
    cancelled, late = recent("recent_cancellations", *rows).detail, recent("recent_late_dispatch", *rows).detail
    names = ("successes", "trials", "days", "limit", "room")

    assert [cancelled[name] for name in names] == [1, 100, 7, 0.025, 1]
    assert [late[name] for name in names] == [2, 99, 30, 0.04, 2]
    assert figure("recent_claims", *rows) is None


def test_a_channel_without_limits_is_not_judged() -> None:
    rows = [order(n, channel="shein", status="cancelled") for n in range(100)]

    assert figure("recent_cancellations", *rows) is None


@pytest.mark.parametrize(("currency", "is_judged"), [("BRL", True), ("MXN", False), (None, False)])
def test_a_limit_of_one_country_is_for_sales_in_its_currency_alone(currency: str | None, is_judged: bool) -> None:
    rows = [order(n, currency=currency, status="cancelled" if n < 20 else "sold") for n in range(100)]
    everywhere = [order(n, channel="amazon", currency=currency, at=LAST) for n in range(100)]

    assert (figure("recent_cancellations", *rows) is not None) is is_judged
    assert figure("recent_cancellations", *everywhere) is not None


@given(st.integers(0, 300), st.integers(1, 300), st.sampled_from([0.01, 0.015, 0.02, 0.1, 0.5]))
def test_so_many_fit_and_not_one_more(bad: int, good: int, most: float) -> None:
    orders, fits = bad + good, room(bad, bad + good, most)
    if fits >= 0:
        assert (bad + fits) <= most * (orders + fits) + 1e-6
        assert (bad + fits + 1) > most * (orders + fits + 1) - 1e-6
    else:
        assert bad <= most * (orders - fits) + 1e-6
        assert bad > most * (orders - fits - 1) - 1e-6
