"""Record the repairs of an answer, in words that a user can read.

Every sentence starts with a phrase of the two closed lists below, so that a page can translate it; what
varies stands behind the first `": "`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from schemas.plan import Repair

#: More repairs than this are counted, not listed.
REPAIR_LIMIT: Final = 60
#: Longest quotation of an answer in a repair, in characters.
QUOTE_LIMIT: Final = 80
#: Longest path, in characters: foreign field names are part of it.
PATH_LIMIT: Final = 120

_INDEX = re.compile(r"\[\d+\]")


class Problem(StrEnum):
    """The problems of an answer that can be repaired; the values are shown to people."""

    AROUND = "there was other text around the JSON"
    THINKING = "the model's reasoning stood before the answer"
    BROKEN = "the JSON was broken"
    TRUNCATED = "the answer was cut off"
    SEVERAL = "there was more than one JSON value"
    TWICE = "a field was given twice"
    ENCODED = "JSON was written as text inside JSON"
    TOOL_CALL = "the answer came as a tool call"
    FIRST_ANSWER = "the first answer could not be read"
    WRAPPED = "the answer was wrapped in another object"
    NAME = "the field has another name"
    UNKNOWN_FIELD = "the field is not part of a plan"
    MISSING = "the field is missing"
    NULL = "the field is empty"
    WRONG_TYPE = "the value has the wrong type"
    NOT_A_NUMBER = "the value is not a number"
    NUMBER_AS_TEXT = "the number was written as text"
    NOT_A_LIST = "a single value stands where a list belongs"
    KEYED_LIST = "an object stands where a list belongs"
    TOO_LONG = "the text is too long"
    TOO_MANY = "the list is too long"
    INVISIBLE = "there were control characters or blanks around the text"
    PRIORITY = "the priority is written differently"
    PRIORITY_UNKNOWN = "the priority could not be read"
    NO_NUMBER = "the phase has no number"
    NUMBER_TAKEN = "two phases have the same number"
    NUMBER_CONFLICT = "the phase's number and its name disagree"
    NO_TASKS = "the phase has no tasks"
    NO_TITLE = "there is no title"
    NOTHING_IN_IT = "there is nothing in it"
    DUPLICATE_ID = "two opportunities have the same id"
    UNKNOWN_ID = "it points to an opportunity that does not exist"
    UNIT = "the unit is written differently"
    EVIDENCE = "the evidence has no figure that can be checked"
    NO_OPPORTUNITIES = "there are no opportunities"
    NO_PHASES = "there are no phases"
    NOT_IN_DOCUMENT = "the document does not hold this figure"
    OTHER_FIGURE = "the document holds another figure"
    FOREIGN_SKU = "the document does not hold these products"
    NO_BASIS = "the worth does not follow from the document's figures"
    ECHO = "the text repeats the instructions"
    MORE = "more was mended than is listed here"


class Action(StrEnum):
    """The repairs; the values are shown to people."""

    OPENED = "opened it"
    IGNORED = "ignored it"
    MENDED = "mended it by the rules of JSON"
    KEPT_COMPLETE = "kept what was complete"
    KEPT_FIRST = "kept the first"
    KEPT_LAST = "kept the last"
    KEPT_GIVEN = "kept it as given"
    READ_AS = "read it as"
    READ_ARGUMENTS = "read its arguments"
    ASKED_AGAIN = "asked the agent once more"
    DROPPED = "dropped it"
    LEFT_EMPTY = "left it empty"
    LEFT_UNNUMBERED = "left it without a number"
    FROM_NAME = "took the number from the name"
    FROM_KEY = "took the number from the key"
    FROM_KEY_TEXT = "took the key for the name"
    FROM_TEXT = "took it from the description"
    FROM_NUMBER = "named it by its number"
    AS_LIST = "read it as a list of one"
    JOINED = "joined it to one text"
    SET_NORMAL = "set it to normal"
    CUT = "cut it"
    CLEANED = "removed them"
    NUMBERED = "numbered it anew"
    UNLINKED = "removed the link"
    INTO_TEXT = "kept it as text in the description"
    PHASES_ONLY = "used the phases alone"
    OPPORTUNITIES_ONLY = "left it to Phase 1's rule"
    CORRECTED = "put the document's figure in its place"
    SET_UNKNOWN = "set it to unknown"
    COUNTED = "only counted it"


class Repairs:
    """Collects repairs; equal ones at several places of a list become one with a count."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], list[str]] = {}

    def __len__(self) -> int:
        return sum(len(paths) for paths in self._found.values())

    def add(self, path: str, problem: Problem, action: Action, *, found: object = None, result: object = None) -> None:
        """Record one repair; `found` is quoted from the answer, `result` is what the plan holds now."""
        was = f"{problem}: {quote(found)}" if found is not None else str(problem)
        did = f"{action}: {quote(result)}" if result is not None else str(action)
        path = quote(path, PATH_LIMIT)
        self._found.setdefault((_INDEX.sub("[*]", path), was, did), []).append(path)

    def has(self, problem: Problem) -> bool:
        """Return whether such a problem occurred anywhere."""
        return any(was.startswith(problem) for _, was, _ in self._found)

    def take(self, others: Repairs) -> None:
        """Add all that another collection holds."""
        for key, paths in others._found.items():
            self._found.setdefault(key, []).extend(paths)

    def listed(self) -> list[Repair]:
        """Return the repairs in the order in which they were found, at most `REPAIR_LIMIT` and a count."""
        listed = [
            Repair(paths[0], was, did)
            if len(paths) == 1
            else Repair(path, f"{was}{', ' if ': ' in was else ': '}{len(paths)} times", did)
            for (path, was, did), paths in self._found.items()
        ]
        if len(listed) > REPAIR_LIMIT:
            rest = len(listed) - REPAIR_LIMIT
            listed = [*listed[:REPAIR_LIMIT], Repair("answer", f"{Problem.MORE}: {rest}", Action.COUNTED)]
        return listed


def quote(value: object, limit: int = QUOTE_LIMIT) -> str:
    """Return a short, printable, single-line text of a value."""
    text = value if isinstance(value, str) else repr(value) if not isinstance(value, int | float) else str(value)
    text = "".join(c if c.isprintable() else " " for c in text[: limit * 4])
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
