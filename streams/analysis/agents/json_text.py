"""Find the JSON in a model's text, and mend broken or cut-off JSON.

The work is bounded: an answer can be written by whoever wrote the document, and the mending of hostile text
is quadratic.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, SupportsIndex

import json_repair

from .errors import AnswerUnusable
from .refusal import is_refusal
from .repairs import Action, Problem, Repairs

#: Longest answer that is read at all, in characters.
ANSWER_LIMIT: Final = 400_000
#: Character reads that the mending of broken JSON may cost: about a second. A plain break costs one or two a character.
MENDING_LIMIT: Final = 1_000_000
#: Deepest nesting that is read; a plan needs seven levels.
DEPTH_LIMIT: Final = 60
#: Places that are tried as the start of a JSON value in prose.
STARTS_LIMIT: Final = 40

_THINKING = re.compile(r"^\s*<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
#: Where a JSON value starts, rather than a bracket of prose such as `[sic]`.
_START = re.compile(r"[{\[](?=\s*(?:[\"'{\[}\]]|\w+\s*:))")
_INFO = re.compile(r"[\w-]{0,20}[ \t]*\r?\n")


class _TooMuchWorkError(Exception):
    pass


class _Metered(str):  # noqa: SLOT000 - one object an answer, with a counter
    """A text that counts how often it is read, and refuses beyond the limit."""

    spent = 0

    def __getitem__(self, index: SupportsIndex | slice) -> str:
        self.spent += 1
        if self.spent > MENDING_LIMIT:
            raise _TooMuchWorkError
        return super().__getitem__(index)


def read_json(text: str, repairs: Repairs, *, finish_reason: str | None = None) -> Any:
    """Return the JSON value in the text. Raises `AnswerUnusable` where there is none."""
    if len(text) > ANSWER_LIMIT:
        raise AnswerUnusable("too_large", f"{len(text)} characters")
    if finish_reason == "length":
        repairs.add("answer", Problem.TRUNCATED, Action.KEPT_COMPLETE)
    text = _without_thinking(text.replace("\ufeff", "").strip(), repairs)
    if not text:
        raise AnswerUnusable("truncated" if finish_reason == "length" else "empty")
    value = _well_formed(text, repairs)
    if value is None:
        value = _broken(text, repairs, finish_reason)
    if isinstance(value, str):
        value = _encoded(value, repairs)
    return value


def _without_thinking(text: str, repairs: Repairs) -> str:
    found = _THINKING.match(text)
    if found is None:
        return text
    repairs.add("answer", Problem.THINKING, Action.IGNORED)
    return text[found.end() :].strip()


def _well_formed(text: str, repairs: Repairs) -> Any:
    """Return the first JSON value that needs no mending, None where there is none."""
    value = _loads(text, repairs)
    if value is not None:
        return value
    found = [v for v in (_loads(block, repairs) for block in _fenced(text)) if _is_container(v)]
    if not found:
        found = _in_prose(text)
    if not found:
        return None
    repairs.add("answer", Problem.AROUND, Action.IGNORED)
    best = max(found, key=_weight)  # the first of equals: max keeps it
    if len(found) > 1:
        repairs.add("answer", Problem.SEVERAL, Action.READ_AS, result=best)
    return best


def _fenced(text: str) -> list[str]:
    """Return the text within code fences, without the fences' language."""
    blocks = text.split("```", 2 * STARTS_LIMIT)[1::2]
    return [block[info.end() if (info := _INFO.match(block)) else 0 :].strip() for block in blocks]


def _in_prose(text: str) -> list[Any]:
    """Return the well-formed containers within prose, outermost only."""
    found: list[Any] = []
    at = 0
    for _ in range(STARTS_LIMIT):
        if (start := _START.search(text, at)) is None:
            break
        try:
            value, at = _decoder(Repairs()).raw_decode(text, start.start())
        except (ValueError, RecursionError):
            return found  # the rest is broken: what stands inside of it is not the answer
        if value and _depth_ok(value):
            found.append(value)
    return found


def _broken(text: str, repairs: Repairs, finish_reason: str | None) -> Any:
    start = _START.search(text)
    if start is None:
        if is_refusal(text):
            raise AnswerUnusable("refusal")
        raise AnswerUnusable("truncated" if finish_reason == "length" else "no_json")
    if text[: start.start()].strip(" \r\n\t`"):
        repairs.add("answer", Problem.AROUND, Action.IGNORED)
    body = text[start.start() :]
    whole = _closed(body)
    if whole is not None and (value := _loads(whole, repairs)) is not None:
        if finish_reason != "length":
            repairs.add("answer", Problem.TRUNCATED, Action.KEPT_COMPLETE)
        return value
    value = _mended(body)
    if not _is_container(value) or not value:
        if is_refusal(text):
            raise AnswerUnusable("refusal")
        raise AnswerUnusable("truncated" if finish_reason == "length" else "no_json")
    repairs.add("answer", Problem.BROKEN, Action.MENDED)
    if isinstance(value, list) and not all(isinstance(v, dict) for v in value):
        value = max(value, key=_weight)
    return value


def _mended(body: str) -> Any:
    try:
        value = json_repair.repair_json(_Metered(body), return_objects=True, skip_json_loads=True)
    except (_TooMuchWorkError, ValueError, RecursionError, IndexError, TypeError, AttributeError):
        return None  # not the plan's fault: the text cannot be read within the limits
    return value if _depth_ok(value) else None


def _closed(body: str) -> str | None:  # noqa: C901, PLR0912 - one pass over the text, a branch a character
    """Return a cut-off JSON text up to its last complete value, closed; None where it was not cut off."""
    closers: list[str] = []
    in_string = escaped = after_colon = False
    cut, cut_closers = 0, ""
    for at, char in enumerate(body):
        if in_string:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                in_string = False
                if after_colon or closers[-1] == "]":  # a value, not a key
                    cut, cut_closers = at + 1, "".join(reversed(closers))
        elif char == '"':
            in_string = True
        elif char == ":":
            after_colon = True
        elif char in "{[":
            after_colon = False
            closers.append("}" if char == "{" else "]")
            cut, cut_closers = at + 1, "".join(reversed(closers))
        elif char in "}]":
            if not closers or closers.pop() != char:
                return None
            if not closers:
                return None
            cut, cut_closers = at + 1, "".join(reversed(closers))
        elif char == ",":
            after_colon = False
            cut, cut_closers = at, "".join(reversed(closers))
        if len(closers) > DEPTH_LIMIT:
            return None
    return body[:cut] + cut_closers if closers else None


def _encoded(value: str, repairs: Repairs) -> Any:
    inner = _loads(value.strip(), repairs)
    if not _is_container(inner):
        raise AnswerUnusable("refusal" if is_refusal(value) else "no_json")
    repairs.add("answer", Problem.ENCODED, Action.READ_AS, result=inner)
    return inner


def _decoder(repairs: Repairs) -> json.JSONDecoder:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for key, value in pairs:
            if key in read:
                repairs.add(key, Problem.TWICE, Action.KEPT_LAST)
            read[key] = value
        return read

    return json.JSONDecoder(object_pairs_hook=once)


def _loads(text: str, repairs: Repairs) -> Any:
    """Return the value of a well-formed JSON text, None for anything else (and for null)."""
    trial = Repairs()
    try:
        value = _decoder(trial).decode(text)
    except (ValueError, RecursionError):
        return None
    if not _depth_ok(value):
        return None
    repairs.take(trial)
    return value


def _is_container(value: Any) -> bool:
    return isinstance(value, dict | list)


def _depth_ok(value: Any) -> bool:
    level = [value]
    for _ in range(DEPTH_LIMIT):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
        if not inner:
            return True
        level = inner
    return False


def _weight(value: Any) -> int:
    """Score how much a value looks like a plan, by its content and not its length."""
    if isinstance(value, dict):
        return 2 + sum(_is_container(v) for v in value.values())
    return 1 + any(isinstance(v, dict) for v in value) if isinstance(value, list) else 0
