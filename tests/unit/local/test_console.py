"""One stream, a file per process, and reading both back."""

from __future__ import annotations

import errno
import io
import stat
from pathlib import Path

import psutil
import pytest

from local.console import NOTHING, Console
from local.follow import Tail, last_lines


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_carry_the_name_and_align() -> None:
    out = io.StringIO()
    console = Console(["gateway", "pump"], out=out)
    console.line("gateway", "one")
    console.line("pump", "two")
    assert out.getvalue() == "gateway | one\npump    | two\n"


def test_every_process_has_its_colour_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Terminal()
    console = Console(["a", "b"], out=out)
    console.line("a", "x")
    console.line("b", "x")
    first, second = out.getvalue().splitlines()
    assert first.startswith("\x1b[36m")
    assert second.startswith("\x1b[33m")


def test_no_colour_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR, a pipe and the files get plain text, also of a process that colours its lines."""
    monkeypatch.setenv("NO_COLOR", "1")
    out = Terminal()
    Console(["a"], out=out).line("a", "\x1b[31mred\x1b[0m")
    assert out.getvalue() == "a | red\n"


def test_the_file_has_every_line_even_when_nothing_is_shown(tmp_path: Path) -> None:
    out = io.StringIO()
    console = Console(["a"], out=out, only=NOTHING)
    sink = console.sink("a", tmp_path / "logs" / "a.log")
    sink("\x1b[31m100 % of it\x1b[0m")
    sink("second")
    console.close()
    assert out.getvalue() == ""
    assert (tmp_path / "logs" / "a.log").read_text() == "100 % of it\nsecond\n"


def test_a_full_disk_stops_nothing_and_lines_come_again_when_there_is_room() -> None:
    class Full(io.StringIO):
        room = False

        def write(self, text: str) -> int:
            if not self.room:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(text)

    out = Full()
    console = Console(["a"], out=out)
    console.line("a", "lost")
    out.room = True
    console.line("a", "there")
    assert out.getvalue() == "a | there\n"


def test_a_reader_who_went_away_stops_nothing(tmp_path: Path) -> None:
    """`up | head` must not take the system down."""

    class Gone(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    console = Console(["a"], out=Gone())
    sink = console.sink("a", tmp_path / "a.log")
    sink("first")
    sink("second")
    console.close()
    assert last_lines(tmp_path / "a.log", 10) == ["first", "second"]


def test_a_last_word_after_the_end_is_written_and_leaves_no_file_open(tmp_path: Path) -> None:
    """The thread that reads what a process says may be a moment behind its end."""
    console = Console(["a"], out=io.StringIO())
    sink = console.sink("a", tmp_path / "a.log")
    sink("first")
    console.close()

    sink("last")

    assert last_lines(tmp_path / "a.log", 10) == ["first", "last"]
    assert [file.path for file in psutil.Process().open_files() if file.path == str(tmp_path / "a.log")] == []


def test_last_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("1\n2\n3\n")
    assert last_lines(path, 2) == ["2", "3"]
    assert last_lines(path, 0) == []
    assert last_lines(tmp_path / "none", 5) == []


def test_a_tail_sees_whole_new_lines_only_and_follows_rotation(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("old\n")
    tail = Tail(path)
    with path.open("a") as file:
        file.write("one\ntw")
    assert tail.lines() == ["one"]
    with path.open("a") as file:
        file.write("o\n")
    path.rename(tmp_path / "x.log.1")
    path.write_text("three\n")
    assert tail.lines() == ["two", "three"]
    tail.close()


def test_a_tail_of_a_file_that_comes_later(tmp_path: Path) -> None:
    tail = Tail(tmp_path / "later.log")
    assert tail.lines() == []
    (tmp_path / "later.log").write_text("here\n")
    assert tail.lines() == ["here"]
    tail.close()


def test_logs_are_their_owners_alone(tmp_path: Path) -> None:
    console = Console(["a"], out=io.StringIO())
    console.sink("a", tmp_path / "logs" / "a.log")("a line")
    console.close()
    assert stat.S_IMODE((tmp_path / "logs").stat().st_mode) == 0o700
