"""Writes into a form of one of our pages what a person had written there before it was refused."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Final

Attributes = dict[str, str | None]
#: Fields that each page makes anew, whatever was sent.
_OF_THE_PAGE: Final = frozenset({"csrf_token", "key", "version", "back"})
#: Inputs whose text a person writes; of the others the browser, or nobody, is told what was in them.
_TEXTS: Final = frozenset({"", "text", "search", "email", "url", "tel", "number", "date"})
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(slots=True)
class _Tag:
    """A start tag in the page's text; `inner_end`: where what a text field contains ends."""

    name: str
    start: int
    end: int
    attributes: Attributes
    inner_end: int = 0
    options: list[_Tag] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.attributes.get(name) or ""


@dataclass(slots=True)
class _Form:
    tag: _Tag
    inside: tuple[_Tag, ...]  # parts that can be folded, around it
    fields: list[_Tag] = field(default_factory=list)
    actions: set[str] = field(default_factory=set)

    def fit(self, action: str, written: frozenset[tuple[str, str]]) -> int | None:
        """Return how well it fits what was sent: a page can have many forms for an address. None: it is none of it."""
        if action not in self.actions:
            return None
        hidden = [one for one in self.fields if one.get("type") == "hidden" and one.get("name") not in _OF_THE_PAGE]
        return sum(1 if (one.get("name"), one.get("value")) in written else -1 for one in hidden)


class _Page(HTMLParser):
    """Finds the forms of a page, with their fields and where these stand."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._elsewhere: list[_Tag] = []  # fields that name the form that they belong to
        self._lines = [0, *(at.end() for at in re.finditer("\n", text))]
        self._form: _Form | None = None
        self._folds: list[_Tag] = []
        self._last: _Tag | None = None  # the select or text field that is open
        self.feed(text)
        self.close()
        by_id = {one.tag.get("id"): one for one in self.forms if one.tag.get("id")}
        for tag in self._elsewhere:
            if (form := by_id.get(tag.get("form"))) is not None:
                _add(form, tag)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._at()
        one = _Tag(tag, start, start + len(self.get_starttag_text() or ""), dict(attrs))
        if tag == "details":
            self._folds.append(one)
        elif tag == "form":
            self._form = _Form(one, tuple(self._folds), actions={one.get("action")})
            self.forms.append(self._form)
        elif tag == "option" and self._last is not None:
            self._last.options.append(one)
        elif tag in {"input", "select", "textarea", "button"}:
            self._last = one if tag in {"select", "textarea"} else self._last
            if one.get("form"):
                self._elsewhere.append(one)
            elif self._form is not None:
                _add(self._form, one)

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self._folds:
            self._folds.pop()
        elif tag == "form":
            self._form = None
        elif tag in {"select", "textarea"} and self._last is not None:
            self._last.inner_end = self._at()
            self._last = None


def _add(form: _Form, tag: _Tag) -> None:
    if tag.name == "button":
        form.actions |= {tag.get("formaction")} - {""}
    else:
        form.fields.append(tag)


def filled(page: str, action: str, written: Sequence[tuple[str, str]]) -> str:
    """Return the page with what was sent to `action` in the form that sends it there, and what folds it open.

    The page stays as it is if it has no such form. Fields that the page makes, secrets and files are left alone.
    """
    sent = frozenset(written)
    fits = [(found, form) for form in _Page(page).forms if (found := form.fit(action, sent)) is not None]
    if not fits:
        return page
    form = max(fits, key=lambda one: one[0])[1]
    edits = sorted([*_opened(form.inside), *_edits(form.fields, written)])
    parts, at = [], 0
    for start, end, text in edits:
        parts += [page[at:start], text]
        at = end
    return "".join([*parts, page[at:]])


Edit = tuple[int, int, str]


def _opened(folds: Iterable[_Tag]) -> Iterator[Edit]:
    for fold in folds:
        if "open" not in fold.attributes:
            yield _with(fold, open=None)


def _edits(fields: Iterable[_Tag], written: Sequence[tuple[str, str]]) -> Iterator[Edit]:
    left: dict[str, deque[str]] = defaultdict(deque)
    for name, value in written:
        left[name].append(_CONTROL.sub("", value))
    every = {name: frozenset(values) for name, values in left.items()}
    for one in fields:
        name, kind = one.get("name"), one.get("type") if one.name == "input" else one.name
        if name in _OF_THE_PAGE:
            continue
        if kind in {"checkbox", "radio"}:
            yield _ticked(one, "checked", (one.get("value") or "on") in every.get(name, ()))
        elif left.get(name) and (kind in _TEXTS or kind in {"select", "textarea"}):
            yield from _told(one, left[name].popleft())


def _told(one: _Tag, value: str) -> Iterator[Edit]:
    """Return what makes a field show `value`; a choice that is not offered any more is not made."""
    if one.name == "input":
        yield _with(one, value=value)
    elif one.name == "textarea":
        # a browser drops the first line break
        yield one.end, one.inner_end, "\n" + escape(value.replace("\r\n", "\n"))
    elif any(option.get("value") == value for option in one.options):
        yield from (_ticked(option, "selected", option.get("value") == value) for option in one.options)


def _ticked(one: _Tag, how: str, yes: bool) -> Edit:
    rest = {name: value for name, value in one.attributes.items() if name != how}
    return _with(_Tag(one.name, one.start, one.end, rest), **({how: None} if yes else {}))


def _with(tag: _Tag, **changed: str | None) -> Edit:
    said = {**tag.attributes, **changed}
    text = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in said.items())
    return tag.start, tag.end, f"<{tag.name}{text}>"
