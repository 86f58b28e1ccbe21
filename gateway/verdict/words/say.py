"""Fill a text with values: each as its type is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from gateway.verdict.traits import Value
from gateway.verdict.words import terms
from gateway.verdict.words.own import own
from gateway.verdict.words.speech import ENGLISH, Speech, moment, span
from schemas.causes import ACTIONS, ASK_A_PERSON, CAUSES, advice

#: One text, or one for one and one for many: `count` decides.
Text: TypeAlias = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of a kind of finding: title, evidence and advice, with places for values."""

    text: Text
    evidence: Text
    advice: Text

    def messages(self) -> Iterator[Text]:
        yield from (self.text, self.evidence, self.advice)


@dataclass(frozen=True, slots=True)
class Said:
    """The same, said."""

    text: str
    evidence: str
    advice: str

    @property
    def whole(self) -> str:
        """Return text and evidence in one line."""
        return f"{self.text} {self.evidence}".strip()


def fill(
    words: Words,
    types: Mapping[str, Value],
    values: Mapping[str, Any],
    speech: Speech = ENGLISH,
    evidence: Mapping[str, str] | None = None,
    **places: str,
) -> Said:
    """Fill a finding's words with its values.

    `evidence` is the watchdog's, for advice that depends on it; `places` are filled as they are.
    """
    filled = dict(places)
    for name, kind in types.items():
        filled |= _places(name, kind, values[name], speech, evidence or {})
    count = values.get("count", 2)

    def one(text: Text) -> str:
        if not text:  # an empty msgid is a catalogue's head
            return ""
        form = speech.text(text) if isinstance(text, str) else speech.plural(*text, count)
        return (form % filled).strip()

    return Said(one(words.text), one(words.evidence), one(words.advice))


_Places: TypeAlias = dict[str, str]
#: Characters of a reason by somebody else that a sentence bears; a server can say pages.
LONGEST_REASON: Final = 160
#: How a figure begins.
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


def _places(name: str, kind: Value, value: Any, speech: Speech, evidence: Mapping[str, str]) -> _Places:
    if kind is Value.CAUSE:
        return _cause(name, value, speech, evidence)
    return _FILL[kind](name, value, speech)


def _count(name: str, value: int, speech: Speech) -> _Places:
    return {name: speech.number(value)}


def _figure(name: str, value: str | int, speech: Speech) -> _Places:
    written = _NUMBER.match(str(value))
    if written is None:
        return {name: str(value)}
    number = float(written[0])
    return {name: f"{speech.number(int(number) if number.is_integer() else number)}{str(value)[written.end() :]}"}


def _plain(name: str, value: str | int, _speech: Speech) -> _Places:
    return {name: str(value)}


def _phrase(name: str, value: str, speech: Speech) -> _Places:
    return {name: speech.text(value)}


def _seconds(name: str, value: float, speech: Speech) -> _Places:
    return {name: span(value, speech)}


def _age(name: str, value: float, speech: Speech) -> _Places:
    return {name: speech.age(value)}


def _ago(name: str, value: float, speech: Speech) -> _Places:
    return {name: speech.text(terms.SEEN_BEFORE) % {"age": speech.age(value)} if value else ""}


def _asked(name: str, value: str, speech: Speech) -> _Places:
    if value == terms.A_CONNECTION:
        return {name: speech.text(terms.NO_CONNECTION)}
    return {name: speech.text(terms.UNANSWERED) % {"asked": value} if value else speech.text(terms.UNANSWERED_UNKNOWN)}


def _came_back(name: str, value: int, speech: Speech) -> _Places:
    return {name: f" {speech.text(terms.CAME_BACK) % {'n': speech.number(value)}}" if value else ""}


def _reason(name: str, value: str, speech: Speech) -> _Places:
    return {name: reason(value, speech) or speech.text(terms.NO_REASON)}


def reason(value: str, speech: Speech = ENGLISH) -> str:
    """Return a reason that the system wrote down in a language, and that of others as they said it; "" without one."""
    said = value.rstrip(". ")
    return own(said, speech) or _shortened(said)


def _shortened(said: str) -> str:
    """Return what others said, as much of it as a title bears: the page of what failed has the whole."""
    return said if len(said) <= LONGEST_REASON else f"{said[: LONGEST_REASON - 1].rstrip(' .,:')}…"


def _remark(name: str, value: str, speech: Speech) -> _Places:
    return {name: value or speech.text(terms.NO_REMARK)}


def _person(name: str, value: str, speech: Speech) -> _Places:
    return {name: value or speech.text(terms.NOBODY)}


def _moment(name: str, value: datetime | None, speech: Speech) -> _Places:
    return {name: _until_then(value, terms.UNTIL_IT_TRIES, speech)}


def _until(name: str, value: datetime | None, speech: Speech) -> _Places:
    return {name: _until_then(value, terms.UNTIL_RESET, speech)}


def _until_then(at: datetime | None, unknown: str, speech: Speech) -> str:
    return speech.text(unknown) if at is None else speech.text(terms.UNTIL) % {"moment": moment(at)}


def _role(name: str, value: str, speech: Speech) -> _Places:
    title, missing = terms.ROLES.get(value, (value, ""))
    said = speech.text(missing) if missing else ""
    return {name: speech.text(title), f"{name}_missing": said, f"{name}_id": value}


def _flag(name: str, value: str, speech: Speech) -> _Places:
    title, meaning = terms.FLAGS.get(value, (value, ""))
    return {name: speech.text(title), f"{name}_meaning": speech.text(meaning) if meaning else ""}


def _owners(name: str, value: str, speech: Speech) -> _Places:
    titles = {**terms.SERVERS, **{role: title for role, (title, _) in terms.ROLES.items()}}
    return {name: ", ".join(speech.text(titles[owner]) if owner in titles else owner for owner in value.split())}


def _action(name: str, value: str, speech: Speech) -> _Places:
    return {name: action(value, speech)}


def _cause(name: str, value: str, speech: Speech, evidence: Mapping[str, str]) -> _Places:
    text, places = advice(value, evidence)
    return {
        name: cause(value, speech),
        f"{name}_advice": speech.text(text) % places if text else "",
        f"{name}_recovers": speech.text(terms.ASKS if value in ASK_A_PERSON else terms.RECOVERS),
        f"{name}_begins": speech.text(terms.ASKS if value in ASK_A_PERSON else terms.BEGINS),
    }


_FILL: Final[Mapping[Value, Callable[[str, Any, Speech], _Places]]] = {
    Value.COUNT: _count,
    Value.NUMBER: _plain,
    Value.SECONDS: _seconds,
    Value.AGE: _age,
    Value.AGO: _ago,
    Value.ASKED: _asked,
    Value.CAME_BACK: _came_back,
    Value.FIGURE: _figure,
    Value.TEXT: _plain,
    Value.PHRASE: _phrase,
    Value.REASON: _reason,
    Value.REMARK: _remark,
    Value.PERSON: _person,
    Value.MOMENT: _moment,
    Value.UNTIL: _until,
    Value.ROLE: _role,
    Value.FLAG: _flag,
    Value.OWNERS: _owners,
    Value.ACTION: _action,
}


def cause(name: str, speech: Speech = ENGLISH) -> str:
    """Return a cause in words; one of a later version keeps its name."""
    known = {str(key): text for key, text in CAUSES.items()}
    return speech.text(known.get(name, name) or terms.UNKNOWN_CAUSE)


def action(name: str, speech: Speech = ENGLISH) -> str:
    """Return a recovery in words."""
    known = {str(key): text for key, text in ACTIONS.items()}
    return speech.text(known.get(name, name) or terms.NO_ACTION)
