"""Records end in any order; the offset to commit never passes one that has not ended."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from streams.hosts.offsets import InOrder, to_commit


def test_nothing_done_nothing_to_commit() -> None:
    offsets = InOrder()
    assert offsets.safe is None
    offsets.begin(5)
    assert offsets.safe is None
    assert offsets.under_way == 1


def test_what_is_committed_or_not_done_is_not_committed_again() -> None:
    tracked = {name: InOrder() for name in ("new", "further", "same", "open")}
    for offsets in tracked.values():
        offsets.begin(5)
    for name in ("new", "further", "same"):
        tracked[name].end(5)
    assert to_commit(tracked, {"further": 5, "same": 6}) == {"new": 6, "further": 6}


def test_the_first_one_holds_the_rest() -> None:
    offsets = InOrder()
    for offset in (5, 6, 9):
        offsets.begin(offset)
    offsets.end(9)
    offsets.end(6)
    assert offsets.safe is None
    offsets.end(5)
    assert offsets.safe == 10
    assert offsets.under_way == 0


def test_what_was_never_begun_changes_nothing() -> None:
    offsets = InOrder()
    offsets.end(3)
    assert offsets.safe is None
    offsets.begin(4)
    offsets.end(4)
    offsets.end(4)
    assert offsets.safe == 5


class AgainstTheModel(RuleBasedStateMachine):
    """The model: a list of all records with a flag, and the definition word by word."""

    def __init__(self) -> None:
        super().__init__()
        self.real = InOrder()
        self.model: list[list[int]] = []  # [offset, ended]
        self.next = 0
        self.highest = -1

    @rule(gap=st.integers(0, 3))
    def begin(self, gap: int) -> None:
        self.next += gap
        self.real.begin(self.next)
        self.model.append([self.next, 0])
        self.next += 1

    @precondition(lambda self: any(not ended for _, ended in self.model))
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        record = data.draw(st.sampled_from([r for r in self.model if not r[1]]))
        self.real.end(record[0])
        record[1] = 1

    @invariant()
    def safe_is_behind_everything_unfinished(self) -> None:
        done: list[int] = []
        for offset, ended in self.model:
            if not ended:
                break
            done.append(offset)
        assert self.real.safe == (done[-1] + 1 if done else None)
        assert self.real.under_way == len(self.model) - len(done)
        assert self.highest <= (self.real.safe or 0)
        self.highest = self.real.safe or 0


TestAgainstTheModel = AgainstTheModel.TestCase
TestAgainstTheModel.settings = settings(deadline=None, max_examples=60)
