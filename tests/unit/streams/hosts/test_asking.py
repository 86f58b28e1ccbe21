"""What a host asks for next: more urgent plans first, all in their turn, and nothing that the guard has enough of."""

from __future__ import annotations

from aiokafka import TopicPartition

from schemas.topics import PLAN_EVENTS, REDELIVER
from streams.guard.portion import ENOUGH_S, FEW, FEW_S, PORTION, Wants
from streams.hosts.asking import Ask, Asking

URGENT, USUAL, LOW = (TopicPartition(PLAN_EVENTS, n) for n in (0, 5, 11))
AGAIN = TopicPartition(REDELIVER, 3)
EVERY = (URGENT, USUAL, LOW, AGAIN)


def asks(
    asking: Asking[TopicPartition], *places: TopicPartition, wants: Wants = "all", finds: int | None = None
) -> list[Ask[TopicPartition]]:
    """Return what is asked; the question with the number `finds` finds something."""
    asked = []
    for n, ask in enumerate(asking.next(places, lambda: wants)):
        asked.append(ask)
        if n == finds:
            asking.found(ask)
            break
    return asked


def test_where_nothing_lies_each_step_is_asked_and_the_last_waits() -> None:
    urgent, sooner, every = asks(Asking(), *EVERY)
    assert (urgent.places, urgent.wait_s, urgent.most) == ([URGENT], 0.0, PORTION)
    assert (sooner.places, sooner.wait_s, sooner.most) == ([URGENT, USUAL], 0.0, PORTION)
    assert (every.places, every.wait_s, every.most) == (None, None, PORTION)
    assert {ask.pause_s for ask in (urgent, sooner, every)} == {0.0}


def test_who_was_served_leaves_the_next_question_to_the_others() -> None:
    asking = Asking[TopicPartition]()
    assert [ask.places for ask in asks(asking, *EVERY, finds=0)] == [[URGENT]]
    assert [ask.places for ask in asks(asking, *EVERY, finds=0)] == [[URGENT, USUAL]]
    assert [ask.places for ask in asks(asking, *EVERY, finds=0)] == [None]
    assert [ask.places for ask in asks(asking, *EVERY, finds=1)] == [[URGENT], [URGENT, USUAL]]
    assert [ask.places for ask in asks(asking, *EVERY, finds=0)] == [None]
    assert len(asks(asking, *EVERY)) == 3


def test_partitions_that_are_all_alike_are_asked_for_once() -> None:
    assert [ask.places for ask in asks(Asking(), USUAL)] == [None]
    assert [ask.places for ask in asks(Asking(), LOW)] == [None]
    assert [ask.places for ask in asks(Asking(), URGENT, USUAL)] == [[URGENT], None]
    assert [ask.places for ask in asks(Asking())] == [None]


def test_few_at_once_pause_once() -> None:
    urgent, sooner, every = asks(Asking(), *EVERY, wants="few")
    assert (urgent.most, urgent.pause_s) == (PORTION, 0.0)
    assert (sooner.most, sooner.pause_s) == (FEW, FEW_S)
    assert (every.most, every.pause_s) == (FEW, 0.0)
    assert [ask.pause_s for ask in asks(Asking(), USUAL, wants="few")] == [FEW_S]


def test_what_the_guard_has_enough_of_is_not_asked_for() -> None:
    urgent, sooner = asks(Asking(), *EVERY, wants="usual")
    assert (urgent.places, sooner.places) == ([URGENT], [URGENT, USUAL])
    assert (sooner.most, sooner.wait_s, sooner.pause_s) == (FEW, ENOUGH_S, FEW_S)
    assert [ask.places for ask in asks(Asking(), *EVERY, wants="urgent")] == [[URGENT], [URGENT]]
    for [nothing] in (asks(Asking(), LOW, wants="usual"), asks(Asking(), USUAL, wants="urgent")):
        assert (nothing.places, nothing.pause_s) == ((), ENOUGH_S)
