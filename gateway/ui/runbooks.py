"""The runbooks as pages: docs/runbooks, which an installation carries along."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from gateway.verdict.runbooks import FOLDER, address

#: Of a checkout, and of an installed wheel (data-files in pyproject.toml).
FOLDERS: Final = (
    Path(__file__).parents[2] / FOLDER,
    Path(sys.prefix) / "share" / "marketplace-resilience" / "runbooks",
)
_NO_SLUG: Final = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Runbook:
    """`parts`: anchor and title of each part."""

    name: str
    title: str
    html: Markup
    parts: tuple[tuple[str, str], ...]


@cache
def runbooks() -> dict[str, Runbook]:
    """Return every runbook by its name, in the order of their titles; none where the installation has none."""
    folder = next((folder for folder in FOLDERS if folder.is_dir()), None)
    files = sorted(folder.glob("*.md")) if folder else []
    names = frozenset(file.stem for file in files)
    made = [_made(file.stem, file.read_text("utf-8"), names) for file in files]
    return {one.name: one for one in sorted(made, key=lambda one: one.title)}


def slug(title: str) -> str:
    """Return the anchor of a heading, as links in the documents name it."""
    return _NO_SLUG.sub("", title.lower()).replace(" ", "-")


def _made(name: str, text: str, names: frozenset[str]) -> Runbook:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    headings = list(_headings(tokens))
    for token in tokens:
        _lead(token.children or [], names)
    title = next((said for tag, said, _ in headings if tag == "h1"), name)
    parts = tuple((anchor, said) for tag, said, anchor in headings if tag == "h2")
    body = tokens[3:] if headings and headings[0][0] == "h1" else tokens  # the page has the title
    return Runbook(name, title, Markup(markdown.renderer.render(body, markdown.options, {})), parts)  # noqa: S704 - our own files, without HTML


def _headings(tokens: list[Token]) -> Iterator[tuple[str, str, str]]:
    """Yield tag, title and anchor of each heading, which gets its anchor."""
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            said = "".join(child.content for child in tokens[at + 1].children or [])
            token.attrSet("id", slug(said))
            yield token.tag, said, slug(said)


def _lead(children: list[Token], names: frozenset[str]) -> None:
    """Lead links to other runbooks to their pages; what is not served stays as text."""
    dropped = False
    for token in children:
        if token.type == "link_open":
            file, _, anchor = str(token.attrGet("href") or "").partition("#")
            name = file.removesuffix(".md")
            dropped = bool(file) and name not in names
            if dropped:
                token.tag, token.attrs = "span", {}
            elif file:
                token.attrSet("href", address(f"{name}#{anchor}" if anchor else name))
        elif token.type == "link_close" and dropped:
            token.tag, dropped = "span", False
