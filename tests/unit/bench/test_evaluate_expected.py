"""What is expected of documents, held against what was read."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.evaluate import expected


def telling(**changes: Any) -> dict[str, Any]:
    own = {
        "figures": {"revenue": 1000.004, "orders": 10.0, "return_rate": 0.25},
        "currency": "BRL",
        "period": ["2026-01-01", "2026-01-31"],
        "findings": [{"rule": "returns"}],
    }
    return {
        "refused": None,
        "kind": "sales",
        "asks": False,
        "layouts": ["plain"],
        "channels": {"shopee": own},
    } | changes


@pytest.mark.parametrize(
    ("wanted", "different"),
    [
        ({"shopee": {"revenue": 1000.0, "orders": 10, "return_rate": 0.25}}, []),
        ({"shopee": {"revenue": 1000.01}}, []),
        ({"shopee": {"revenue": 1000.02}}, ["shopee: revenue: expected 1,000.0200, is 1,000.0040 (-0.00%)"]),
        ({"shopee": {"return_rate": 0.2502}}, ["shopee: return_rate: expected 0.2502, is 0.2500 (-0.08%)"]),
        ({"shopee": {"fees": None}}, []),
        ({"shopee": {"fees": 0}}, ["shopee: fees: expected 0.0000, is unknown"]),
        ({"shopee": {"orders": None}}, ["shopee: orders: expected unknown, is 10.0000"]),
        ({"shopee": {"currency": "USD"}}, ["shopee: currency: expected USD, is BRL"]),
        ({"shopee": {"findings": ["returns", "fees"]}}, ["shopee: finding fees: expected, not found"]),
        ({"shopee": {"no_findings": ["returns"]}}, ["shopee: finding returns: found, must not be"]),
        ({"channel": {"orders": 11}}, ["shopee: orders: expected 11.0000, is 10.0000 (-9.09%)"]),
        ({"amazon": {"orders": 10}}, ["amazon: expected, not read (read: shopee)"]),
        ({"kind": "returns"}, ["kind: expected returns, is sales"]),
        ({"layout": "shein"}, ["layout: expected shein, is plain"]),
        ({"refused": "unreadable"}, ["refused: expected unreadable, is no"]),
        ({"asks": False}, []),
        ({"asks": True}, ["asks: nobody is asked"]),
    ],
)
def test_only_what_was_read_otherwise_is_a_difference(wanted: dict[str, Any], different: list[str]) -> None:
    assert expected.differences(wanted, telling()) == different


@pytest.mark.parametrize(
    ("name", "wanted", "value", "is_same"),
    [
        ("revenue", 658_111_063.69, 658_111_063.695, True),
        ("revenue", 658_111_063.69, 658_111_063.71, False),
        ("units", 15_929_731, 15_929_732, False),
        ("refunds", 0.5, 0.509, True),
        ("ads_share", 0.5790, 0.5789, True),
        ("ads_share", 0.5790, 0.5729, False),
        ("margin", 0.12, 0.1202, False),
    ],
)
def test_an_amount_is_held_to_the_cent_and_a_share_to_a_hundredth_of_a_percent(
    name: str, wanted: float, value: float, is_same: bool
) -> None:
    assert expected.same(name, wanted, value) is is_same


def test_what_was_read_is_as_expected_of_itself() -> None:
    assert expected.differences(expected.as_expected(telling()), telling()) == []
    refused = telling(refused={"code": "encrypted"}, channels={}, layouts=[], kind="")
    assert expected.differences(expected.as_expected(refused), refused) == []
    assert expected.differences(expected.as_expected(telling()), refused)


def test_a_name_that_is_no_channel_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "expected.json").write_text(json.dumps({"x.csv": {"shoppee": {}}}), encoding="utf-8")

    with pytest.raises(ValueError, match="shoppee"):
        expected.load(tmp_path)


def test_expectations_stand_beside_the_documents(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "expected.json").write_text(json.dumps({"x.csv": {"shopee": {}}}), encoding="utf-8")

    assert expected.load(tmp_path) == {"a/x.csv": {"shopee": {}}}
    assert expected.channels_of({"shopee": {}, "kind": "sales"}) == ["shopee"]
    assert expected.channels_of({"channel": {}}) is None
