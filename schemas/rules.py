"""What a lifecycle is made of: states, rules of commands, and the roles that may give them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, Generic, TypeVar


class Role(StrEnum):
    """A role; each includes those before it. Compare with `includes`, never with `<`, which would be alphabetical."""

    VIEWER = "viewer"  # reads
    ANALYST = "analyst"  # uploads, decides on plans, works on tasks
    OPERATOR = "operator"  # repairs
    ADMIN = "admin"  # gives and takes keys

    def includes(self, needed: Role) -> bool:
        """Return whether this role may do what `needed` may do."""
        return _RANK[self] >= _RANK[needed]

    def lesser(self, other: Role) -> Role:
        """Return the one of the two that may do less."""
        return other if self.includes(other) else self


_RANK: Final = {role: rank for rank, role in enumerate(Role)}


class Waits(StrEnum):
    """Who moves a plan or task on from a status."""

    SYSTEM = "system"
    PERSON = "person"
    NOBODY = "nobody"  # it is final


@dataclass(frozen=True, slots=True)
class State:
    """The meaning of a status. `given_up`: it is final and short of the goal."""

    waits: Waits
    given_up: bool = False

    @property
    def final(self) -> bool:
        return self.waits is Waits.NOBODY


class Words(StrEnum):
    """Whether a command carries what a person writes."""

    NONE = "none"
    OPTIONAL = "optional"
    ASKED = "asked"  # the pages insist, the API takes it without
    NEEDED = "needed"  # refused without


class Bar(StrEnum):
    """Why somebody may not give a command that needs four eyes."""

    OWN = "own"  # they uploaded the plan themselves
    NOBODYS = "nobodys"  # people are set up, and the key belongs to none of them: nobody knows who decides


def barred(actor: str, uploaded_by: str, people: Collection[str]) -> Bar | None:
    """Return why `actor` may not give the command, None if they may. `people` are the handles of active people.

    decide.barred repeats this in the database; a test compares the two.
    """
    if actor == uploaded_by:
        return Bar.OWN
    return Bar.NOBODYS if people and actor not in people else None


S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Rule(Generic[S]):
    """The rule of one command: where it is allowed, and what it does.

    `needs`: the statuses in which it is allowed. `already`: in these it is accepted and changes nothing. `to`: the
    status after it; None if the status stays, or the event says it, as task.assigned does. `reserves`: the number of
    versions kept for events that a worker or runner will write. `field`: the event's field for what a person writes;
    with `takes_back`, an empty one removes what was there. `four_eyes`: `barred` says who may not give it, if the
    installation asks for four eyes.
    """

    event: str
    needs: Sequence[S]
    to: S | None
    already: Sequence[S] = ()
    reserves: int = 0
    role: Role = Role.ANALYST
    field: str = ""
    words: Words = Words.NONE
    takes_back: bool = False
    four_eyes: bool = False

    @property
    def insists(self) -> bool:
        """Whether the pages insist on words, so that later readers know the reason."""
        return self.words in (Words.ASKED, Words.NEEDED)


@dataclass(frozen=True)
class Lifecycle(Generic[S, A]):
    """The life of one kind. `by_system`: event that no command of `rules` makes -> the status after it."""

    kind: str
    states: Mapping[S, State]
    rules: Mapping[A, Rule[S]]
    by_system: Mapping[str, S]

    @cached_property
    def final(self) -> frozenset[S]:
        """The statuses that nothing leads out of."""
        return frozenset(status for status, state in self.states.items() if state.final)

    @cached_property
    def given_up(self) -> frozenset[S]:
        """The final statuses that are short of the goal."""
        return frozenset(status for status, state in self.states.items() if state.given_up)

    @cached_property
    def going(self) -> tuple[S, ...]:
        """The statuses that are not final, in order."""
        return tuple(status for status, state in self.states.items() if not state.final)

    @cached_property
    def waiting_for_system(self) -> tuple[S, ...]:
        """The statuses in which the system takes the next step, in order."""
        return tuple(status for status, state in self.states.items() if state.waits is Waits.SYSTEM)

    @cached_property
    def explained(self) -> frozenset[S]:
        """The statuses that a person's action with a reason leads to."""
        return frozenset(rule.to for rule in self.rules.values() if rule.field == "reason" and rule.to is not None)

    @cached_property
    def leads_to(self) -> Mapping[str, S]:
        """Event type -> the status after it. Any other event keeps the status, or names the new one itself."""
        return {**self.by_system, **{rule.event: rule.to for rule in self.rules.values() if rule.to is not None}}

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """The events that lead from a status that goes on to a final one, in order."""
        of_final = {rule.event for rule in self.rules.values() if self.final.issuperset(rule.needs)}
        return tuple(event for event, status in self.leads_to.items() if status in self.final and event not in of_final)

    @cached_property
    def role(self) -> Role:
        """The least role that has any command."""
        return next(role for role in Role if any(role.includes(rule.role) for rule in self.rules.values()))

    def actions(self, status: str, role: Role = Role.ADMIN) -> tuple[A, ...]:
        """Return the actions that this role may take in this status, in order."""
        return tuple(a for a, rule in self.rules.items() if status in rule.needs and role.includes(rule.role))
