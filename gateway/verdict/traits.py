"""The properties of a finding: its effect, its severity, whom and what it is about, and the types of its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Effect(StrEnum):
    """The status that a finding gives the system. A notice asks for a person and leaves the system well.

    A note is worth knowing and asks for nobody: it is never the headline, and no alert.
    """

    DOWN = "down"
    DEGRADED = "degraded"
    NOTICE = "notice"
    NOTE = "note"


class Severity(StrEnum):
    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class Scope(StrEnum):
    """The audience of a finding: those who run the system, or those who decide on plans and do tasks."""

    SYSTEM = "system"
    BUSINESS = "business"


class Part(StrEnum):
    """The part of the system that a finding is about: a surface that shows this part shows that it is not well."""

    DATABASE = "database"
    BROKER = "broker"
    READ_MODELS = "read-models"
    LIVE_CHANGES = "live-changes"
    PROCESSES = "processes"
    BREAKERS = "breakers"
    FLAGS = "flags"
    PLANS = "plans"
    TASKS = "tasks"
    DEAD_LETTERS = "dead-letters"
    RETRIES = "retries"
    AGENT = "agent"
    OBJECTIVES = "objectives"
    ALERTS = "alerts"


class Value(StrEnum):
    """How a value is typed, and how it is said."""

    COUNT = "count"  # int: decides between one and many
    NUMBER = "number"  # int: a name, such as a pid
    SECONDS = "seconds"  # float
    AGE = "age"  # float: seconds that go on
    AGO = "ago"  # float: seconds since it was seen so, a sentence of its own; 0: it is seen so now
    ASKED = "asked"  # str: a question that the database left unanswered, a sentence of its own; "": it is not known
    CAME_BACK = "came-back"  # int: letters that came back three times, a sentence of its own; 0: none did
    FIGURE = "figure"  # int, or a number in a str with its unit behind it (`12.5%`): with the language's separators
    TEXT = "text"  # str: as it is
    REASON = "reason"  # str, within a sentence: "" where none was given
    REMARK = "remark"  # str, a sentence of its own: "" where none was made
    PERSON = "person"  # str: "" where nobody is known
    MOMENT = "moment"  # datetime, or None where it is not known
    UNTIL = "until"  # datetime, or None: until a person ends it
    ROLE = "role"  # str: a kind of process
    CAUSE = "cause"  # str: of schemas.causes
    PHRASE = "phrase"  # str: words of ours, in English
    FLAG = "flag"  # str: a feature
    OWNERS = "owners"  # str: roles of processes, database, broker, with spaces between them
    ACTION = "action"  # str: a recovery, "" where none was begun


#: Values that change by themselves: with them a finding stays the same one.
PASSING: Final = frozenset({Value.SECONDS, Value.AGE, Value.AGO})


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits that all findings of a kind share. `runbook`: a page of docs/runbooks, "" where advice is enough.

    `alarms`: whether it may be an alert. What waits for as long as a person likes is none, and a note never is.
    """

    effect: Effect
    severity: Severity
    part: Part
    runbook: str = ""
    scope: Scope = Scope.SYSTEM
    values: Mapping[str, Value] = field(default_factory=dict)
    alarms: bool = True

    @property
    def alert(self) -> bool:
        return self.alarms and self.effect is not Effect.NOTE
