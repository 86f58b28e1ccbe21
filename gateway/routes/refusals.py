"""The kinds of problem that many routes answer with (`gateway/problems`), by what a route takes."""

from __future__ import annotations

from typing import Final

#: Of a route that takes a body of JSON.
OF_A_BODY: Final = ("bad-request", "too-large", "unsupported-media-type", "invalid")
#: Of one that takes a body for something that its address names.
OF_ONE: Final = ("not-found", *OF_A_BODY)
#: Of one by which a person does something, if the state of what the address names allows it.
OF_AN_ACTION: Final = ("bad-request", "not-found", "wrong-status", "too-large", "unsupported-media-type", "invalid")
