"""What a chat server accepts: OpenAI, Azure, vLLM, Ollama and llama.cpp differ, and say so with a 400."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

#: Answers that may mean "I do not know this parameter".
COMPLAINTS = frozenset({400, 404, 415, 422, 501})


@dataclass(frozen=True, slots=True)
class Dialect:
    """The optional parameters that are sent to a server."""

    json_mode: bool = True
    temperature: bool = True
    limit_name: str | None = "max_tokens"

    def parameters(self, *, temperature: float, token_limit: int) -> dict[str, Any]:
        """Return the parameters of a request in this dialect."""
        found: dict[str, Any] = {}
        if self.json_mode:
            found["response_format"] = {"type": "json_object"}
        if self.temperature:
            found["temperature"] = temperature
        if self.limit_name is not None:
            found[self.limit_name] = token_limit
        return found

    def without_what(self, status: int, body: object) -> Dialect | None:
        """Return the dialect without the parameter that an error is about, None where it is about none."""
        if status not in COMPLAINTS:
            return None
        said = json.dumps(body, default=str)[:4000].casefold()
        if self.json_mode and any(
            word in said for word in ("response_format", "json_object", "json mode", "guided decoding")
        ):
            return replace(self, json_mode=False)
        if self.limit_name is not None and (self.limit_name in said or "max_completion_tokens" in said):
            return replace(self, limit_name="max_completion_tokens" if self.limit_name == "max_tokens" else None)
        if self.temperature and "temperature" in said:
            return replace(self, temperature=False)
        return None
