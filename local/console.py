"""One stream of log lines from many processes: a colour and a name each, and a rotated file per process."""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from local.child import Sink

ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
SIZE = 10_000_000
KEPT = 3
NOTHING: frozenset[str] = frozenset()


class Console:
    """Prints `name | line`, of all processes or of the names in `only`. Safe to use from many threads."""

    def __init__(self, names: list[str], *, out: TextIO | None = None, only: frozenset[str] | None = None) -> None:
        self._out = out or sys.stdout
        self._only = only
        self._width = max((len(name) for name in names), default=0)
        self._order = {name: number for number, name in enumerate(names)}
        self._coloured = self._out.isatty() and "NO_COLOR" not in os.environ
        self._lock = threading.Lock()
        self._files: list[RotatingFileHandler] = []
        self._closed = False

    def line(self, name: str, text: str) -> None:
        """Print one line under a name; colours of the process itself stay only on a terminal."""
        if self._only is not None and name not in self._only:
            return
        label = name.ljust(self._width)
        if self._coloured:
            number = self._order.get(name)
            colour = "1;97" if number is None else str(COLOURS[number % len(COLOURS)])
            text = f"\x1b[{colour}m{label} |\x1b[0m {text}\x1b[0m"
        else:
            text = f"{label} | {ANSI.sub('', text)}"
        with self._lock:
            try:
                print(text, file=self._out, flush=True)
            except (BrokenPipeError, ValueError):  # nobody looks any more; the files go on
                self._only = NOTHING
            except OSError:  # a full disk, where this goes to a file: the line is lost, and what runs goes on
                pass

    def sink(self, name: str, log: Path) -> Sink:
        """Return the writer of a process's lines: to this stream, and to its file in `log`."""
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)  # what a log quotes is its owner's
        file = RotatingFileHandler(log, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8", delay=True)
        self._files.append(file)
        self._closed = False

        def write(text: str) -> None:
            file.handle(logging.makeLogRecord({"msg": ANSI.sub("", text)}))
            if self._closed:  # the last words of a process that has ended: they open the file again
                file.close()
            self.line(name, text)

        return write

    def close(self) -> None:
        """Close the files; a line that comes later is written all the same."""
        self._closed = True
        for file in self._files:
            file.close()
