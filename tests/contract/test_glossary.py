"""Code and docs say the words of the glossary: what stands in its column "not" is in no identifier or sentence."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
PACKAGES = ("gateway", "streams", "projections", "schemas", "local", "bench", "deploy")
PAGES_AND_COMMANDS = (
    "gateway/access",
    "gateway/cli",
    "gateway/http",
    "gateway/routes",
    "gateway/ui",
    "gateway/uploads",
)
#: The words that have one meaning wherever they are part of an identifier, each with the folders that are held to it.
#: The other ones of the column (state, topic, view, ...) are right for something else.
CLEAR_CUT: Mapping[str, tuple[str, ...]] = {
    "beat": PACKAGES,
    "dead": PACKAGES,
    "healing": PACKAGES,
    "held": PACKAGES,
    "holding": ("streams/hosts",),
    "holds": ("projections", "streams/hosts"),
    "queue": ("streams",),
    "quarantined": PACKAGES,
    "resend": PACKAGES,
    "session": PAGES_AND_COMMANDS,
    "step": ("streams/guard", "streams/retries"),
    "stuck": PACKAGES,
}
#: A word and the one after it that make another word of the glossary, or name what is stored.
TOGETHER = {
    ("dead", "letter"),
    ("dead", "letters"),
    ("dead", "at"),
    ("dead", "mans"),
    ("held", "back"),
    ("held", "up"),
    ("queue", "processing"),
}
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def unwanted(text: str) -> set[str]:
    """Return the single words in the column "not" of a glossary; those that a remark explains are another thing's."""
    found: set[str] = set()
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3:
            plain = re.sub(r"[^,]*\([^)]*\)", "", cells[2])
            found |= {word.strip() for word in plain.split(",")}
    return found - {"", "not", "---"}


def identifiers(source: str) -> Iterator[tuple[int, str]]:
    """Return line and name of all that a source names itself: no attribute of others, and no keyword for them."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name


def words(name: str) -> list[str]:
    return [part.lower() for part in PART.findall(name)]


def violations(sources: Mapping[str, str], clear_cut: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return "file:line: name" for every file and identifier that has a word which is not to be said in its folder."""
    found = []
    for file, source in sorted(sources.items()):
        forbidden = {word for word, rooms in clear_cut.items() if file.startswith(tuple(f"{room}/" for room in rooms))}
        names = [(1, Path(file).stem), *identifiers(source)]
        for line, name in names:
            pairs = pairwise([*words(name), ""])
            if any(word in forbidden and (word, after) not in TOGETHER for word, after in pairs):
                found.append(f"{file}:{line}: {name}")
    return found


@cache
def sources() -> dict[str, str]:
    return {
        file.relative_to(ROOT).as_posix(): file.read_text("utf-8")
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
    }


#: Words that a sentence for people does not say. The others have their plain meaning in running text, or another one of
#: the column: a law that is held, a session of Postgres.
IN_NO_SENTENCE = ("beat", "dead", "healing", "quarantined", "resend", "stuck")
#: Other forms of them.
FORMS = {"beats": "beat", "beating": "beat", "quarantine": "quarantined", "resends": "resend", "resent": "resend"}
#: What a word makes with the one after it is another thing.
SAID_TOGETHER = re.compile(r"\bdead[- ](?:letters?\b|man)", re.IGNORECASE)
#: What is quoted as it stands in code, data or an address, and where a link leads.
QUOTED = re.compile(r"^```.*?^```|`[^`]*`|\]\([^)]*\)|https?://\S+|\S+/\S+\.md\S*", re.DOTALL | re.MULTILINE)
#: Decisions are history, and the glossary names the words that are not said.
PROSE = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted(p for p in (ROOT / "docs").rglob("*.md") if p.parent.name != "adr" and p != GLOSSARY),
]


def said_in(text: str) -> list[str]:
    """Return "line: word" for every word in a text that is for people and says it another way."""
    plain = SAID_TOGETHER.sub("", QUOTED.sub(lambda quoted: re.sub(r"[^\n]", " ", quoted[0]), text))
    word = re.compile(rf"\b(?:{'|'.join((*IN_NO_SENTENCE, *FORMS))})\b", re.IGNORECASE)
    return [f"{n}: {found}" for n, line in enumerate(plain.splitlines(), start=1) for found in word.findall(line)]


@pytest.mark.parametrize("doc", PROSE, ids=lambda doc: doc.relative_to(ROOT).as_posix())
def test_the_docs_say_the_words_of_the_glossary(doc: Path) -> None:
    assert said_in(doc.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# What is stuck\n\nA heartbeat, and a Beat.\n", ["1: stuck", "3: Beat"]),
        (
            "The worker is dead; its letters are dead letters, as a dead-letter topic and a dead man's switch say.",
            ["1: dead"],
        ),
        ("The cause `relay-stuck`: [do this](runbooks/something-is-stuck.md#stuck).", []),
        ("```\nstuck\n```\nhealing", ["4: healing"]),
        ("See docs/runbooks/something-is-stuck.md#a-process or https://example.com/stuck.", []),
    ],
)
def test_a_word_that_is_planted_in_a_text_is_found(text: str, found: list[str]) -> None:
    assert said_in(text) == found


#: Texts that say a word as data, as an idiom, or for who looks for it: file -> the words.
AS_DATA = {
    "gateway/shapes/attempts.py": {"dead"},
    "gateway/ui/words/action_words.py": {"stuck"},
    "projections/reads/letter_steps.py": {"dead"},
}


def texts_of(source: str) -> Iterator[str]:
    """Yield docstrings, comments and all texts with a blank in them; one word alone is data."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.value


def said_in_code(files: Mapping[str, str]) -> list[str]:
    word = re.compile(rf"\b(?:{'|'.join((*IN_NO_SENTENCE, *FORMS))})\b", re.IGNORECASE)
    found = []
    for file, source in files.items():
        if word.search(source):
            said = {one.partition(": ")[2].lower() for text in texts_of(source) for one in said_in(text)}
            found += [f"{file}: {one}" for one in sorted(said - AS_DATA.get(file, set()))]
    return found


def test_docstrings_comments_and_texts_say_the_words_of_the_glossary() -> None:
    assert said_in_code(sources()) == []


def test_a_word_that_is_planted_in_a_docstring_a_comment_or_a_text_is_found() -> None:
    files = {
        "a.py": '"""Beats once."""',
        "b.py": "x = 1  # until it is stuck",
        "c.py": "raise ValueError('it does not beat any more')",
        "d.py": '"""Of dead letters and `beat`."""\nOUTCOME = "dead"',
    }
    assert said_in_code(files) == ["a.py: beats", "b.py: stuck", "c.py: beat"]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_that_of_a_word(form: str) -> None:
    assert FORMS[form] in IN_NO_SENTENCE


@pytest.mark.parametrize("word", IN_NO_SENTENCE)
def test_what_no_sentence_says_is_in_the_glossary(word: str) -> None:
    assert word in CLEAR_CUT


def test_the_code_says_the_words_of_the_glossary() -> None:
    assert violations(sources(), CLEAR_CUT) == []


@pytest.mark.parametrize("word", sorted(CLEAR_CUT))
def test_what_is_held_to_the_glossary_is_in_it(word: str) -> None:
    """The glossary decides, not this file."""
    assert word in unwanted(GLOSSARY.read_text("utf-8"))


def explained(text: str) -> list[str]:
    """Return the words that the glossary explains, each as often as it does."""
    todays = text.partition("## Names that stay")[0].splitlines()
    rows = [line.split("|")[1].strip() for line in todays if line.startswith("| ")]
    return [word for row in rows for word in re.split(", ", row) if word != "word"]


def test_a_word_is_explained_once() -> None:
    found = explained(GLOSSARY.read_text("utf-8"))
    assert len(found) > 80
    assert [word for word in sorted(set(found)) if found.count(word) > 1] == []
    assert explained("| word | meaning | not |\n|---|---|---|\n| a, b | 1 | |\n| b | 2 | |") == ["a", "b", "b"]


#: Members of Kafka groups have a session timeout; a session is a connection to Postgres. A breaker is open, not paused.
TWO_MEANINGS = re.compile(
    r"\bsessions?\b(?! timeout)[^.|]{0,30}\bin (?:its|a|the) group\b|\bmembers' sessions\b"
    r"|\bbreaker's pause\b|\bpause of a breaker\b|\bpauses by a breaker\b",
    re.IGNORECASE,
)


def test_a_session_and_a_pause_mean_one_thing() -> None:
    texts = {doc.name: doc.read_text("utf-8") for doc in PROSE} | sources()
    assert {name: found[0] for name, text in texts.items() if (found := TWO_MEANINGS.search(text))} == {}
    for planted in (
        "Members' sessions are 6 s",
        "a session in its group",
        "a breaker's pause is 5 s",
    ):
        assert TWO_MEANINGS.search(planted)


def test_only_words_without_a_remark_are_unwanted() -> None:
    text = "| word | meaning | not |\n|---|---|---|\n| replay | Once more. | retry, again (by itself), resend |\n"
    assert unwanted(text) == {"retry", "resend"}


@pytest.mark.parametrize(
    ("file", "source", "found"),
    [
        ("gateway/x.py", "def list_held(): ...", ["gateway/x.py:1: list_held"]),
        ("gateway/x.py", "\nclass HeldEvent: ...", ["gateway/x.py:2: HeldEvent"]),
        ("schemas/x.py", "HELD_S = 1", ["schemas/x.py:1: HELD_S"]),
        ("streams/x.py", "def f(held): ...", ["streams/x.py:1: held"]),
        ("projections/x.py", "class A:\n    stuck: int", ["projections/x.py:2: stuck"]),
        ("projections/x.py", "self._dead = 1", ["projections/x.py:1: _dead"]),
        ("gateway/ui/session.py", "", ["gateway/ui/session.py:1: session"]),
        ("local/chaos/x.py", "healing_s = 1", ["local/chaos/x.py:1: healing_s"]),
        ("bench/x.py", "def f(held): ...", ["bench/x.py:1: held"]),
        ("streams/x.py", "held_back = dead_letters = DeadLetter = dead_at = 1", []),
        ("streams/x.py", "'held'  # held\nprint(row['held'], other.held, held=1)", []),
        ("schemas/process/sessions.py", "session = 1", []),
        ("streams/watchdog/x.py", "upheld = deadline = heartbeat = 1", []),
    ],
)
def test_a_planted_word_is_found(file: str, source: str, found: list[str]) -> None:
    assert violations({file: source}, CLEAR_CUT) == found
