"""JSON that a person changes: from a file, from stdin, or in their editor."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from gateway.cli.failures import Exit, Failure


def edited(file: str, shown: dict[str, Any], *, what: str, form: str) -> dict[str, Any]:
    """Return the JSON object from a file, from stdin (`-`), or from the person's editor, which begins with `shown`.

    `what` names it and `form` says what it looks like, for whoever gives something else. Raises Failure.
    """
    if file:
        text: str | None = _read(file)
    elif not sys.stdin.isatty():
        raise Failure(f"Say what the {what} is", "Give --file, or --file - for stdin.", exit_status=Exit.USAGE)
    else:
        text = click.edit(json.dumps(shown, ensure_ascii=False, indent=2), extension=".json")
    if text is None:
        raise Failure("Nothing was changed")
    try:
        made = parsed(text)
    except ValueError as error:
        raise Failure(f"The {what} is not valid JSON", str(error)) from None
    if not isinstance(made, dict):
        raise Failure(f"The {what} is not a JSON object", form)
    return made


def text_of(file: str) -> str:
    """Return the text of a file, or of stdin for `-`. Raises OSError and UnicodeDecodeError."""
    return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")


def parsed(text: str) -> Any:
    """Parse JSON without NaN and Infinity, which Python takes and the API refuses. Raises ValueError."""
    return json.loads(text, parse_constant=_no_number)


def _read(file: str) -> str:
    try:
        return text_of(file)
    except (OSError, UnicodeDecodeError) as error:
        what = "The standard input" if file == "-" else file
        raise Failure(f"{what} cannot be read", str(error), exit_status=Exit.USAGE) from None


def _no_number(constant: str) -> float:
    raise ValueError(f"{constant} is no number in JSON")
