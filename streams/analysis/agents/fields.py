"""Reads the fields of one object of an answer, and records each repair on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import values
from .names import ALIASES, plain
from .repairs import Action, Problem, Repairs
from .shape import clean

_BULLET = re.compile(r"^\s*(?:[-*•\u2013]|\d{1,2}[.)])\s+")
_NULLS = frozenset({"null", "none", "n/a", "nulo", "undefined"})


class Fields:
    """One object of the answer with its fields under their canonical names.

    Every read removes the field; `finish` records what is left over as no part of a plan.
    """

    def __init__(self, raw: Mapping[str, Any], kind: str, path: str, repairs: Repairs) -> None:
        self.path = path
        self._repairs = repairs
        self._fields: dict[str, Any] = {}
        self._left: list[str] = []
        aliases = ALIASES[kind]
        for key in sorted(raw, key=lambda k: k not in aliases.values()):  # canonical names win
            field = aliases.get(plain(key))
            if field is None or field in self._fields:
                self._left.append(key)
                continue
            if key != field:
                repairs.add(self.at(key), Problem.NAME, Action.READ_AS, result=field)
            self._fields[field] = raw[key]

    def at(self, field: str) -> str:
        """Return the path of a field."""
        return f"{self.path}.{field}" if self.path else field

    def __contains__(self, field: str) -> bool:
        return field in self._fields

    def take(self, field: str) -> Any:
        """Return a field's raw value, None where it is missing."""
        return self._fields.pop(field, None)

    def add(self, field: str, problem: Problem, action: Action, *, found: object = None, result: object = None) -> None:
        """Record a repair of a field."""
        self._repairs.add(self.at(field), problem, action, found=found, result=result)

    def text(self, field: str, limit: int, *, optional: bool = False) -> str:
        """Return a text, clean and within the limit; "" (recorded, unless optional) where there is none."""
        if field not in self._fields:
            if not optional:
                self.add(field, Problem.MISSING, Action.LEFT_EMPTY)
            return ""
        value = self.take(field)
        if value is None:
            if not optional:
                self.add(field, Problem.NULL, Action.LEFT_EMPTY)
            return ""
        return self.as_text(field, value, limit)

    def as_text(self, field: str, value: Any, limit: int) -> str:
        """Return any value as a text, with the repair recorded."""
        text = value if isinstance(value, str) else self._joined(field, value)
        cleaned = clean(text)
        if cleaned != text and isinstance(value, str):
            self.add(field, Problem.INVISIBLE, Action.CLEANED)
        if len(cleaned) > limit:
            self.add(field, Problem.TOO_LONG, Action.CUT, found=f"{len(cleaned)} > {limit}")
            cleaned = cleaned[: limit - 1].rstrip() + "…"
        return cleaned

    def _joined(self, field: str, value: Any) -> str:
        if isinstance(value, list | dict):
            text = _flat(value)
            self.add(field, Problem.WRONG_TYPE, Action.JOINED if text else Action.LEFT_EMPTY, found=_kind(value))
            return text
        text = ("sim" if value else "não") if isinstance(value, bool) else _number_text(value)
        self.add(field, Problem.WRONG_TYPE, Action.READ_AS, found=_kind(value), result=text)
        return text

    def number(self, field: str) -> float | None:
        """Return a figure or None; a number in a text is read, and recorded."""
        value = self.take(field)
        if value is None:
            return None
        number = values.figure(value)
        if number is not None:
            return number
        if isinstance(value, str):
            number = values.figure_in_text(value)
            if number is not None:
                self.add(field, Problem.NUMBER_AS_TEXT, Action.READ_AS, found=value, result=number)
                return number
            if plain(value) == "" or value.strip().casefold() in _NULLS:
                self.add(field, Problem.NULL, Action.LEFT_EMPTY)
                return None
        self.add(field, Problem.NOT_A_NUMBER, Action.LEFT_EMPTY, found=_shown(value))
        return None

    def items(self, field: str, limit: int, kind: str | None = None) -> list[tuple[str, Any, str | None]]:
        """Return a list's elements as (name, value, key); one value or an object becomes a list, recorded.

        `kind` names the objects that the list holds. `key` is the element's key where an object stood for
        the list, else None.
        """
        if field not in self._fields:
            return []
        value = self.take(field)
        elements: list[tuple[Any, str | None]]
        if value is None or value == "":
            self.add(field, Problem.NULL, Action.LEFT_EMPTY)
            return []
        if isinstance(value, list):
            elements = [(item, None) for item in value]
        elif isinstance(value, dict) and kind is not None and not _is_one(value, kind):
            self.add(field, Problem.KEYED_LIST, Action.READ_AS, result="list")
            elements = [(item, key) for key, item in value.items()]
        elif isinstance(value, str) and len(parts := _parts(value, kind)) > 1:
            self.add(field, Problem.NOT_A_LIST, Action.READ_AS, found="text", result=f"{len(parts)}")
            elements = [(part, None) for part in parts]
        else:
            self.add(field, Problem.NOT_A_LIST, Action.AS_LIST, found=_kind(value))
            elements = [(value, None)]
        if len(elements) > limit:
            self.add(field, Problem.TOO_MANY, Action.CUT, found=f"{len(elements)} > {limit}")
        return [(f"{field}[{n}]", item, key) for n, (item, key) in enumerate(elements[:limit])]

    def inside(self, item: Mapping[str, Any], kind: str, name: str) -> Fields:
        """Return the fields of an object within this one."""
        return Fields(item, kind, self.at(name), self._repairs)

    def finish(self) -> None:
        """Record every field that is no part of a plan as dropped."""
        for key in self._left:
            self._repairs.add(self.at(key), Problem.UNKNOWN_FIELD, Action.DROPPED)


def _is_one(value: Mapping[str, Any], kind: str) -> bool:
    """Return whether an object is one element itself, rather than elements under keys."""
    return any(plain(key) in ALIASES[kind] and not isinstance(value[key], dict) for key in value)


def _parts(text: str, kind: str | None) -> list[str]:
    """Return the lines of a text, without bullets; the elements of a comma list for plain values."""
    lines = [_BULLET.sub("", line).strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) == 1 and kind == "sku":
        return [part.strip() for part in re.split(r"[,;|]", text) if part.strip()]
    return lines


def _flat(value: Any, depth: int = 0) -> str:
    if depth > 3:
        return ""
    if isinstance(value, dict):
        parts = [(f"{k}: {t}" if (t := _flat(v, depth + 1)) else "") for k, v in value.items()]
    elif isinstance(value, list):
        parts = [_flat(v, depth + 1) for v in value]
    elif value is None:
        return ""
    else:
        return value if isinstance(value, str) else _number_text(value)
    return "; ".join(part for part in parts if part)


def _number_text(value: Any) -> str:
    number = values.figure(value)
    return "" if number is None else f"{number:g}" if number == int(number) and abs(number) < 1e6 else str(value)


def _kind(value: Any) -> str:
    names = {dict: "object", list: "list", str: "text", bool: "true or false", int: "number", float: "number"}
    return names.get(type(value), "null")


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else _kind(value)
