"""Nothing that the command line repeats of the API asks for what cannot be typed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.cli.as_typed import as_typed
from gateway.cli.failures import Refused
from gateway.cli.views import uploads
from gateway.problems.problem import Problem
from gateway.uploads.goods_kept import MEANING, MEANING_OF_ADS

ROOT = Path(__file__).resolve().parents[4] / "gateway"
#: Rooms whose words a refusal may have; the others are words of pages, of the API's documentation, or the CLI's own.
ROOMS = ("uploads", "commands", "operations", "routes", "shapes", "access", "http", "intake")
#: The API's documentation, which nobody reads at a terminal.
DOCUMENTATION = {"openapi.py", "asyncapi.py"}
#: What only a program can do: a parameter with its value, a header, a field's name.
API_ISM = re.compile(r"\b[a-z]\w*=(?:true\b|[A-Z]{3}\b)|If-Match|`|\bmapping or map\b|\bwith channels\b")
#: The command line sends headers of its own, and makes a key for each request: these are never answered to it.
NEVER_ASKED = ("Idempotency-Key", "If-Match takes one ETag")


def texts() -> Iterator[tuple[str, str]]:
    """Yield each text in these rooms that is no docstring, with its place; parts of an f-string separately."""
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        if path.name in DOCUMENTATION:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        alone |= {
            id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "description"
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def asking() -> dict[str, str]:
    """Return the sentences whose advice works only for users of the API."""
    return {
        place: text
        for place, text in texts()
        if " " in text.strip() and API_ISM.search(text) and not any(one in text for one in NEVER_ASKED)
    }


def test_the_walk_finds_what_the_api_asks_for() -> None:
    found = " ".join(asking().values())

    for known in ("currency=BRL", "again=true", "anyway=true", "If-Match", "mapping or map", "with channels"):
        assert known in found


def test_each_refusal_asks_for_what_can_be_typed() -> None:
    untyped = {place: as_typed(text) for place, text in asking().items() if API_ISM.search(as_typed(text))}

    assert not untyped


@pytest.mark.parametrize(
    ("api", "typed"),
    [
        (MEANING["no_currency"], "name it in a column, in the header, or with --currency BRL"),
        (MEANING_OF_ADS["no_channel"], "name just one with --channel"),
        ("See its plan, or send again=true for a second one.", "See its plan, or give --again for a second one."),
    ],
)
def test_a_parameter_is_an_option(api: str, typed: str) -> None:
    assert as_typed(api).endswith(typed)


def test_a_refusal_is_shown_as_typed_and_told_to_programs_as_it_came() -> None:
    problem = Problem("advertising-wrong", f"The report of advertising {MEANING_OF_ADS['no_currency']}.").body()
    refused = Refused(problem, 422)
    row = uploads.uploads([{"file": "ads.csv", "outcome": "refused", "problem": problem}])

    assert refused.title == "No report of advertising can be kept"
    assert refused.detail.endswith("or with --currency BRL.")
    assert str(next(iter(row.columns[-1].cells))).endswith("or with --currency BRL.")
    assert refused.document["detail"].endswith("or with currency=BRL.")
