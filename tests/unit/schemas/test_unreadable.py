"""The codes of what nobody can read are stable, and all of them are known as such."""

from __future__ import annotations

import re
from pathlib import Path

from schemas.wire import UNREADABLE

ROOT = Path(__file__).parents[3]
PACKAGES = ("schemas", "streams", "projections", "gateway")


def test_each_code_that_is_given_anywhere_is_known() -> None:
    text = "".join(path.read_text("utf-8") for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    given = set(re.findall(r'Undecodable\(\s*"([a-z-]+)"', text))
    given |= set(re.findall(r'super\(\).__init__\("([a-z]+-[a-z]+)"', text))  # of those derived from it
    assert given == UNREADABLE
