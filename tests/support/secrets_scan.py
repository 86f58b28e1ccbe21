"""Looks for secrets in every file of the repository: `python -m tests.support.secrets_scan`, a part of `make check`.

Keys of providers, private keys, tokens and API keys of our own, by their form. What is merely random is no secret here:
digests, ids of traces and golden bytes are everywhere. Exit status 1 and a line for each, without the secret itself.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.scan import scan_line
from detect_secrets.settings import transient_settings

ROOT: Final = Path(__file__).parents[2]
#: They find what is random, what is called a password, and addresses: thousands of each are none.
_LEFT_OUT: Final = frozenset(
    {"HexHighEntropyString", "Base64HighEntropyString", "KeywordDetector", "BasicAuthDetector", "IPPublicDetector"}
)
#: Digests of packages, one beside the other.
_LOCKS: Final = ("requirements.lock", "package-lock.json", ".ci/installer.lock")
#: A key as gateway.access.api_keys makes it, and what a signing key looks like in its file.
_OURS: Final = re.compile(r"mrs_[0-9a-f]{12}_[A-Za-z0-9_-]{43}\b|^[a-z0-9-]+ (?!(..)\1{31})[0-9a-f]{64}$")
#: A line is looked at closely only where it holds something as long as the shortest key.
_LONG: Final = re.compile(r"[A-Za-z0-9_\-+/=.:]{20,}|PRIVATE KEY")


def plugins() -> list[str]:
    """Return the names of the detectors that look."""
    detectors: dict[str, type] = get_mapping_from_secret_type_to_class()
    return sorted(one.__name__ for one in detectors.values() if one.__name__ not in _LEFT_OUT)


def found_in(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield "file:line: what" for each secret. Call it within `transient_settings` of `plugins`."""
    for number, line in enumerate(lines, start=1):
        if not _LONG.search(line):
            continue
        kinds = {secret.type for secret in scan_line(line)}
        if _OURS.search(line):
            kinds.add("a key of our own")
        yield from (f"{name}:{number}: {kind}" for kind in sorted(kinds))


def scan(files: Iterable[tuple[str, str]]) -> list[str]:
    """Return what is found in these files, given as name and text."""
    with transient_settings({"plugins_used": [{"name": name} for name in plugins()]}):
        return [one for name, text in files for one in found_in(name, text.splitlines())]


def repository() -> Iterator[tuple[str, str]]:
    """Yield name and text of every text file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if name.endswith(_LOCKS):
            continue
        try:
            yield name, (ROOT / name).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue  # a picture, or a file that has gone since


def main() -> int:
    """Scan; return the exit status."""
    found = scan(repository())
    for one in found:
        print(one)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
