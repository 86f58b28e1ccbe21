"""Whatever reaches stderr is a log line of one form, whoever says it: each case is a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from local.state import ROOT
from tests.support.patience import PATIENCE_S

SECRET = "ana@example.com"


def said(code: str, style: str = "json", status: int = 0) -> str:
    """Run code in a process whose logs are set up; return its stderr."""
    whole = f"import logging, sys, threading, warnings\nfrom schemas.process import logs\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", whole],
        env={**os.environ, "MARKETPLACE_LOG": style},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    return done.stderr


def lines(code: str, status: int = 0) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said(f"logs.configure('test', 'json')\n{code}", status=status).splitlines()]


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        (
            "import structlog; structlog.get_logger('a').info('it goes', n=1)",
            0,
            {"event": "it goes", "level": "info", "n": 1},
        ),
        (
            "logging.getLogger('aiokafka.x').error('gone: %s', 'b')",
            0,
            {"event": "gone: b", "level": "error", "logger": "aiokafka.x"},
        ),
        (
            "logging.getLogger('aiokafka').error('two\\nlines')",
            0,
            {"event": "two\nlines", "level": "error", "logger": "aiokafka"},
        ),
        ("warnings.warn('old', UserWarning)", 0, {"level": "warning", "logger": "py.warnings"}),
        ("raise RuntimeError('boom')", 1, {"event": "an error that nobody has caught", "level": "critical"}),
        (
            "t = threading.Thread(target=lambda: 1 / 0, name='side'); t.start(); t.join()",
            0,
            {"event": "an error that nobody has caught", "level": "error", "thread": "side"},
        ),
        (
            "class Bad:\n    def __del__(self): raise ValueError('late')\nBad()",
            0,
            {"event": "an error that nobody has caught", "level": "error"},
        ),
        (
            "logging.getLogger('lib').error('%d of', 'no number')",
            0,
            {"event": "a log line cannot be made", "level": "error", "msg": "%d of"},
        ),
        (
            "t = threading.Thread(target=logging.getLogger('lib').error, args=('side',)); t.start(); t.join()",
            0,
            {"event": "side", "level": "error", "logger": "lib"},
        ),
    ],
)
def test_every_line_is_an_object_that_names_its_process(code: str, status: int, expected: dict[str, Any]) -> None:
    (line,) = lines(code, status)
    assert line | expected == line
    assert line["service"] == "test"
    assert isinstance(line["pid"], int)
    assert line["timestamp"].endswith("Z")


def test_a_traceback_is_part_of_its_line() -> None:
    (line,) = lines("try: 1 / 0\nexcept ZeroDivisionError: logging.getLogger('lib').exception('it failed')")
    assert line["exception"].startswith("Traceback")
    assert "ZeroDivisionError" in line["exception"]


def test_libraries_say_no_more_than_warnings() -> None:
    assert lines("logging.getLogger('aiokafka').info('chatty'); logging.getLogger('faust').debug('more')") == []


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_traceback_shows_no_values(style: str) -> None:
    code = f"""
import structlog
def read(who):
    raise ValueError("it cannot be read")
logs.configure('test', {style!r})
try: read({"".join(reversed(SECRET))!r}[::-1])
except ValueError as error: structlog.get_logger('a').exception('it failed')
"""
    text = said(code, style)
    assert "it cannot be read" in text
    assert SECRET not in text


def test_a_person_gets_no_json() -> None:
    text = said("logs.configure('test', 'console')\nlogging.getLogger('lib').error('it failed')", "console")
    assert "it failed" in text
    assert not text.lstrip().startswith("{")


@pytest.mark.parametrize(("style", "expected"), [("json", {"event": "done", "level": "info"}), ("", "done\n")])
def test_a_command_tells_a_sentence_or_a_line(style: str, expected: Any) -> None:
    text = said("logs.configure('test', 'json')\nlogs.tell('done')", style)
    if style:
        assert json.loads(text) | expected == json.loads(text)
    else:
        assert text == expected
