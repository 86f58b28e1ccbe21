"""Lays out Python source as `ruff format` would."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping
from typing import Final

_WIDTH: Final = 120


def quoted(text: str) -> str:
    """Return a string literal. Raises ValueError for a text that needs an escape."""
    if not text.isprintable() or '"' in text or "\\" in text:
        raise ValueError(f"not a plain name: {text!r}")
    return f'"{text}"'


def docstring(text: str, indent: str) -> str:
    """Return a docstring of one line: the text, or its first sentence where the text is too long."""
    if len(text) + len(indent) + 6 > _WIDTH:
        text = text.partition(". ")[0].removesuffix(".") + "."
    return f'{indent}"""{text}"""'


def union(target: str, names: Iterable[str]) -> str:
    """Return the assignment of a union of types."""
    names = list(names)
    line = " | ".join(names)
    if len(f"{target} = {line}") <= _WIDTH:
        return f"{target} = {line}"
    return f"{target} = (\n    " + (line if len(line) <= _WIDTH - 4 else "\n    | ".join(names)) + "\n)"


def frozenset_of(target: str, texts: Iterable[str]) -> str:
    """Return the assignment of a frozen set of texts, one a line."""
    lines = "".join(f"        {quoted(text)},\n" for text in texts)
    return f"{target} = frozenset(\n    {{\n{lines}    }}\n)"


def module(about: str, blocks: Iterable[str], known: Mapping[str, Iterable[str]]) -> str:
    """Return a module. Of the names that are `known` by their modules it imports those that the blocks use."""
    code = "\n\n\n".join(blocks)
    nodes = list(ast.walk(ast.parse(code)))
    used = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    used -= {node.name for node in nodes if isinstance(node, ast.ClassDef)}
    groups: dict[int, list[str]] = {}
    for name, offered in sorted(known.items()):
        wanted = sorted(used & set(offered))
        if wanted:
            place = 2 if "." in name else 0 if name in sys.stdlib_module_names else 1
            groups.setdefault(place, []).append(_import(name, wanted))
    imports = "\n\n".join("\n".join(lines) for _, lines in sorted(groups.items()))
    gap = "\n\n\n" if code.startswith("class ") else "\n\n"
    return f'"""{about}"""\n\nfrom __future__ import annotations\n\n{imports}{gap}{code}\n'


def _import(name: str, wanted: list[str]) -> str:
    line = f"from {name} import {', '.join(wanted)}"
    return line if len(line) <= _WIDTH else f"from {name} import (\n    " + ",\n    ".join(wanted) + ",\n)"
