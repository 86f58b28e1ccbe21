"""What a page of the documentation says, and how it writes small numbers."""

from __future__ import annotations

from local.state import ROOT

NUMBERS = {
    1: "one",
    2: "two",
    3: "three",
    4: "four",
    5: "five",
    7: "seven",
    8: "eight",
    10: "ten",
    11: "eleven",
    12: "twelve",
    15: "fifteen",
    20: "twenty",
    28: "twenty-eight",
    40: "forty",
}


def text_of(page: str) -> str:
    """Return the text of a page with every line break and run of blanks as one blank."""
    return " ".join((ROOT / page).read_text("utf-8").split())
