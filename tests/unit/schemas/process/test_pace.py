"""How much a minute: told once a minute was seen, of that minute alone."""

from __future__ import annotations

from schemas.process.pace import Pace, Paces


def test_it_is_unknown_until_a_minute_was_seen() -> None:
    pace = Pace()
    assert [pace.seen(n, float(n)) for n in range(60)] == [None] * 60
    assert pace.seen(60, 60.0) == 60.0


def test_it_is_of_the_last_minute() -> None:
    pace = Pace()
    for second in range(600):
        pace.seen(second * 10, float(second))
    told = [pace.seen(5990, 600.0 + second) for second in range(120)]
    assert told[0] == 590.0
    assert told[-1] == 0.0


def test_a_look_that_comes_late_is_of_the_time_since_the_last() -> None:
    pace = Pace()
    pace.seen(0, 0.0)
    assert pace.seen(600, 120.0) == 300.0


def test_a_topic_that_comes_up_has_sent_nothing_before() -> None:
    paces = Paces()
    for second in range(3600):
        paces.told({"handled": second, "sent": {}}, float(second))
    assert paces.told({"handled": 3600, "sent": {"agents.dlq": 5}}, 3600.0) == {
        "handled": 60.0,
        "sent": {"agents.dlq": 5.0},
    }


def test_soon_after_the_start_no_topic_is_known_either() -> None:
    paces = Paces()
    paces.told({"sent": {}}, 0.0)
    assert paces.told({"sent": {"agents.dlq": 5}}, 10.0) == {"sent": {"agents.dlq": None}}
    assert paces.told({"state": "x"}, 11.0) == {}
