"""The runbooks as pages: docs/runbooks, which an installation carries along, with a folder for each other language.

A part has the anchor of its English title in every language: findings and alerts lead to it by that.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from gateway.ui.i18n import DEFAULT
from gateway.verdict.runbooks import FOLDER, address

#: Runbook -> anchor of a heading as it stands there -> the anchor that its page gives it.
Anchors: TypeAlias = Mapping[str, Mapping[str, str]]

#: Of a checkout, and of an installed wheel (data-files in pyproject.toml).
FOLDERS: Final = (
    Path(__file__).parents[2] / FOLDER,
    Path(sys.prefix) / "share" / "marketplace-resilience" / "runbooks",
)
#: Beside the English files, by locale.
TRANSLATED: Final = {"pt_BR": "pt-BR"}
_NO_SLUG: Final = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Runbook:
    """`parts`: anchor and title of each part. `language`: that it is written in."""

    name: str
    title: str
    html: Markup
    parts: tuple[tuple[str, str], ...]
    language: str


@cache
def runbooks(locale: str = DEFAULT) -> dict[str, Runbook]:
    """Return every runbook by its name, in the order of their titles; none where the installation has none.

    One that nobody has translated is in English.
    """
    folder = next((folder for folder in FOLDERS if folder.is_dir()), None)
    english = {file.stem: file.read_text("utf-8") for file in sorted(folder.glob("*.md"))} if folder else {}
    texts = {name: (text, DEFAULT) for name, text in english.items()}
    if folder and locale in TRANSLATED:
        there = {name: folder / TRANSLATED[locale] / f"{name}.md" for name in english}
        texts |= {name: (file.read_text("utf-8"), locale) for name, file in there.items() if file.is_file()}
    anchors = {name: _anchors(text, english[name]) for name, (text, _) in texts.items()}
    made = [_made(name, text, language, anchors) for name, (text, language) in texts.items()]
    return {one.name: one for one in sorted(made, key=lambda one: one.title)}


def slug(title: str) -> str:
    """Return the anchor of a heading, as links in the documents name it."""
    return _NO_SLUG.sub("", title.lower()).replace(" ", "-")


def _made(name: str, text: str, language: str, anchors: Anchors) -> Runbook:
    markdown = _markdown()
    tokens = markdown.parse(text)
    headings = list(_headings(tokens, anchors[name]))
    for token in tokens:
        _lead(token.children or [], name, anchors)
    title = next((said for tag, said, _ in headings if tag == "h1"), name)
    parts = tuple((anchor, said) for tag, said, anchor in headings if tag == "h2")
    body = tokens[3:] if headings and headings[0][0] == "h1" else tokens  # the page has the title
    return Runbook(name, title, Markup(markdown.renderer.render(body, markdown.options, {})), parts, language)  # noqa: S704 - our own files, without HTML


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _anchors(text: str, english: str) -> Mapping[str, str]:
    """Return the anchors of a text's headings with those of the same headings in English."""
    here, there = (
        [slug(_said(tokens, at)) for at, token in enumerate(tokens) if token.type == "heading_open"]
        for tokens in (_markdown().parse(text), _markdown().parse(english))
    )
    return dict(zip(here, there, strict=False))


def _said(tokens: list[Token], at: int) -> str:
    return "".join(child.content for child in tokens[at + 1].children or [])


def _headings(tokens: list[Token], anchors: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield tag, title and anchor of each heading, which gets its anchor."""
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            said = _said(tokens, at)
            anchor = anchors.get(slug(said), slug(said))
            token.attrSet("id", anchor)
            yield token.tag, said, anchor


def _lead(children: list[Token], page: str, anchors: Anchors) -> None:
    """Lead links to other runbooks to their pages; what is not served stays as text."""
    dropped = False
    for token in children:
        if token.type == "link_open":
            file, _, anchor = str(token.attrGet("href") or "").partition("#")
            name = file.removesuffix(".md")
            dropped = bool(file) and name not in anchors
            if dropped:
                token.tag, token.attrs = "span", {}
                continue
            part = anchors[name or page].get(unquote(anchor), anchor)
            token.attrSet("href", address(f"{name}#{part}" if part else name) if file else f"#{part}")
        elif token.type == "link_close" and dropped:
            token.tag, dropped = "span", False
