"""Finds what repeats the lifecycle: lists, tables and chains of statuses, actions, commands or roles in a source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from schemas.lifecycle import (
    RULES,
    AddedAction,
    ChannelAction,
    PhaseAction,
    PlanAction,
    PlanStatus,
    TaskAction,
    TaskStatus,
    TextAction,
)
from schemas.rules import Role
from tests.support.sources import names_in

_OF_PLANS: Final = (PlanAction, ChannelAction, PhaseAction)
ENUMS: Final = {
    enum.__name__: enum for enum in (PlanStatus, TaskStatus, *_OF_PLANS, TaskAction, AddedAction, TextAction, Role)
}
#: What the commands of people make. What the system makes alone is nobody's list: who wants which of it says so.
EVENT: Final = "event of a command"
#: kind -> its words. Statuses and actions of plans and tasks share some: a list is a copy if it is one of any kind.
VOCABULARY: Final = {
    **{name: {str(one) for one in enum} for name, enum in ENUMS.items()},
    "action of a plan, its channels and phases": {str(one) for enum in _OF_PLANS for one in enum},
    "command": set(RULES),
    EVENT: {rule.event for rule in RULES.values()},
}
_KNOWN: Final = frozenset().union(*VOCABULARY.values())
_WORDS: Final = "|".join(sorted(_KNOWN, key=lambda word: (-len(word), word)))
_QUOTED: Final = re.compile(rf"""(?P<q>["'])(?P<word>{_WORDS})(?P=q)""")
#: What stands between two words of one list, of one table, of one chain of comparisons.
_IN_LIST: Final = re.compile(r"\s*,\s*")
_IN_TABLE: Final = re.compile(r"\s*:\s*(?:\([^()]*\)|\[[^\[\]]*\]|[^,(){}\[\]]*)\s*,\s*")
_KEY: Final = re.compile(r"\s*:")
_IN_CHAIN: Final = re.compile(r"\s*(?:or|and|\|\||&&)\s+[\w.]+\s*(?:=|==|===|<>|!=|!==)\s*")
_IN_CASE: Final = re.compile(r"\s*then\s+(?:(?!\bcase\b|\bend\b)[\s\S])*?\bwhen\s+(?:[\w.]+\s*=\s*)?", re.IGNORECASE)
_ARRAY: Final = re.compile(rf"'\{{\s*((?:{_WORDS})(?:\s*,\s*(?:{_WORDS}))+)\s*\}}'")
#: Words of a pattern, as a panel's query has them, and the lines of a list in YAML.
_BARE: Final = re.compile(rf"(?<![\w.])(?:{_WORDS})(?:(?:\s*\|\s*|\s*\n\s*-\s+)(?:{_WORDS})\b)+")
_SPLIT: Final = re.compile(r"\s*\|\s*|\s*\n\s*-\s+")
#: A class or an attribute's value by which a style sheet tells one status from another.
_SELECTOR: Final = re.compile(rf"""(?:\.|=["']?)(?P<word>{_WORDS})(?![\w-])""")
_PROSE: Final = re.compile(rf"\b(?:{_WORDS})(?:,\s+(?:{_WORDS})\b)+")


def copies_in(path: Path, text: str) -> list[str]:
    """Return what a file repeats, each with its place."""
    match path.suffix:
        case ".py":
            found = _in_python(text)
        case ".css":
            found = _in_styles(text)
        case _:
            found = _in_text(text)
    return sorted(set(found))


def cut_short(text: str) -> list[str]:
    """Return what a document lists and leaves something out of: the whole list has to be in the same line."""
    found = []
    for listed in _PROSE.finditer(text):
        begins = text.rfind("\n", 0, listed.start()) + 1
        line = text[begins : text.find("\n", listed.end())]
        words = re.split(r",\s+", listed[0])
        topic = words[0].partition(".")[0] + "."
        kinds = [
            {word for word in kind if "." not in word or word.startswith(topic)}
            for kind in VOCABULARY.values()
            if len(kind.intersection(words)) > 2
        ]
        if kinds and not any(all(re.search(rf"\b{word}\b", line) for word in kind) for kind in kinds):
            found.append(_said(1 + text.count("\n", 0, listed.start()), words))
    return found


def _in_styles(text: str) -> Iterator[str]:
    """Look at a style sheet: three statuses are a table, wherever they are in it. Looks have some actions' names."""
    for statuses in (VOCABULARY[PlanStatus.__name__], VOCABULARY[TaskStatus.__name__]):
        found = [match for match in _SELECTOR.finditer(text) if match["word"] in statuses]
        if len({match["word"] for match in found}) > 2:
            yield _said(1 + text.count("\n", 0, found[0].start()), (match["word"] for match in found))


def _of_one_kind(words: Iterable[str], least: int) -> bool:
    words = set(words)
    return any(len(words & kind) >= least for kind in VOCABULARY.values())


def _in_text(text: str, line: int = 1) -> Iterator[str]:
    """Look at SQL, at a template or at a script."""
    found = list(_QUOTED.finditer(text))
    keys = [match for match in found if _KEY.match(text, match.end())]
    for words, between, least in (
        (found, _IN_LIST, 2),
        (found, _IN_CHAIN, 2),
        (keys, _IN_TABLE, 3),
        (found, _IN_CASE, 3),
    ):
        run: list[re.Match[str]] = []
        for match in [*words, None]:
            if match is not None and run and between.fullmatch(text, run[-1].end(), match.start()):
                run.append(match)
                continue
            if _of_one_kind((m["word"] for m in run), least):
                yield _said(line + text.count("\n", 0, run[0].start()), (m["word"] for m in run))
            run = [] if match is None else [match]
    for array in _ARRAY.finditer(text):
        if _of_one_kind(re.split(r"\s*,\s*", array[1]), 2):
            yield _said(line + text.count("\n", 0, array.start()), re.split(r"\s*,\s*", array[1]))
    for bare in _BARE.finditer(text):
        if _of_one_kind(_SPLIT.split(bare[0]), 2):
            yield _said(line + text.count("\n", 0, bare.start()), _SPLIT.split(bare[0]))
    for prose in _PROSE.finditer(text):
        if _of_one_kind(re.split(r",\s+", prose[0]), 3):
            yield _said(line + text.count("\n", 0, prose.start()), re.split(r",\s+", prose[0]))


def _could_repeat(source: str) -> bool:
    """Say whether a module has two words of a kind at all, or an enum's name: most have not, and are not parsed."""
    there = names_in(source.replace("\\n", "\n"))
    dotted = (sum(word in source for word in VOCABULARY[kind]) for kind in ("command", EVENT))
    return max(dotted) > 1 or not there.isdisjoint(ENUMS) or any(len(kind & there) > 1 for kind in VOCABULARY.values())


def _in_python(source: str) -> Iterator[str]:
    if not _could_repeat(source):
        return
    nodes = list(ast.walk(ast.parse(source)))
    assigned = [node for node in nodes if isinstance(node, ast.Assign)]
    unpacked = {id(node.value) for node in assigned if isinstance(node.targets[0], ast.Tuple)}
    for node in nodes:
        if id(node) in unpacked:
            continue  # each has a name of its own
        match node:
            case ast.List() | ast.Tuple() | ast.Set():
                words = [_word(element) for element in node.elts]
                least = 2 if all(words) else 3
            case ast.Dict():
                # a table keyed by members of an enum is a table of words: tests hold those complete
                keys = [_word(key) for key in node.keys if isinstance(key, ast.Constant)]
                words = max(keys, [_word(value) for value in node.values], key=lambda side: sum(map(bool, side)))
                least = 3
            case ast.BoolOp():
                words, least = [_word(one.comparators[0]) for one in node.values if isinstance(one, ast.Compare)], 2
            case ast.Match():
                patterns = [p for case in node.cases for p in ast.walk(case.pattern) if isinstance(p, ast.MatchValue)]
                said = [_word(p.value) for p in patterns if isinstance(p.value, ast.Constant)]
                # a mapping has a case for each event that it wants: the checker holds those complete
                words, least = [word for word in said if word not in VOCABULARY[EVENT]], 3
            case ast.ClassDef():
                words, least = [_word(line.value) for line in node.body if isinstance(line, ast.Assign)], 3
            case ast.Constant(value=str(text)) if "\n" in text or " " in text:
                yield from _in_text(text, node.lineno)
                continue
            case _:
                continue
        known = [word for word in words if word]
        if _of_one_kind(known, least):
            yield _said(node.lineno, known)


def _word(node: ast.AST | None) -> str:
    """Return the word that an expression is: a text, or a member of one of the enums; "" where it is none."""
    match node:
        case ast.Constant(value=str(text)) if text in _KNOWN:
            return text
        case ast.Attribute(value=ast.Name(id=name), attr=member) if name in ENUMS and member in ENUMS[name].__members__:
            return str(ENUMS[name][member])
    return ""


def _said(line: int, words: Iterable[str]) -> str:
    return f"{line}: {', '.join(words)}"
