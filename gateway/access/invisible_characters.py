"""Invisible characters: with them a name or a title looks like another one."""

from __future__ import annotations

import re
from typing import Final

#: Controls, also those of eight bits, ends of lines, and what turns the direction of a text.
UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
