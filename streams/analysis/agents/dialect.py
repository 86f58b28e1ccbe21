"""Adapt requests to a chat server: OpenAI, Azure, vLLM, Ollama and llama.cpp differ, and say so with a 400."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from .strict_form import STRICT_FORM

#: Answers that may mean "I do not know this parameter".
COMPLAINTS = frozenset({400, 404, 415, 422, 501})

#: How firmly an answer's form is asked for.
Form = Literal["json_schema", "json_object", "none"]
#: From the firmest one down.
LADDER: Final[tuple[Form, ...]] = ("json_schema", "json_object", "none")
#: What a server names that does not take a form. `schema` alone could be any word of a validator.
_OF_FORM: Final = (
    *("response_format", "json_schema", "json_object", "json mode", "json schema"),
    *("guided decoding", "guided_json", "structured output", "grammar"),
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """The optional parameters that are sent to a server."""

    form: Form = "json_schema"
    temperature: bool = True
    limit_name: str | None = "max_tokens"

    def parameters(
        self, *, temperature: float, token_limit: int, shape: Mapping[str, Any] = STRICT_FORM
    ) -> dict[str, Any]:
        """Return the parameters of a request in this dialect, for an answer of this shape."""
        found: dict[str, Any] = {}
        if self.form == "json_schema":
            plan = {"name": "plan", "strict": True, "schema": shape}
            found["response_format"] = {"type": "json_schema", "json_schema": plan}
        elif self.form == "json_object":
            found["response_format"] = {"type": "json_object"}
        if self.temperature:
            found["temperature"] = temperature
        if self.limit_name is not None:
            found[self.limit_name] = token_limit
        return found

    def looser(self) -> Dialect:
        """Return the dialect one rung down the ladder of forms; the last one stays."""
        rung = min(LADDER.index(self.form) + 1, len(LADDER) - 1)
        return replace(self, form=LADDER[rung])

    def without_what(self, status: int, body: object) -> Dialect | None:
        """Return the dialect without the parameter that an error is about, None where it is about none."""
        if status not in COMPLAINTS:
            return None
        said = json.dumps(body, default=str)[:4000].casefold()
        if self.form != "none" and any(word in said for word in _OF_FORM):
            return self.looser()
        if self.limit_name is not None and (self.limit_name in said or "max_completion_tokens" in said):
            return replace(self, limit_name="max_completion_tokens" if self.limit_name == "max_tokens" else None)
        if self.temperature and "temperature" in said:
            return replace(self, temperature=False)
        return None
