"""One question to an agent, with the state that its attempts share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from .envelope import Completion, Heading, Usage
from .errors import AgentError, AnswerUnusable
from .patience import Patience
from .prompt import Prompt
from .strict_form import STRICT_FORM

T = TypeVar("T")


@dataclass(slots=True)
class Call(Generic[T]):
    """What one question carries from attempt to attempt. `write` makes its prompt anew, with a shorter brief.

    `patience`: how long one request is waited for. `heading`: what the last response says of itself.
    """

    prompt: Prompt
    read: Callable[[Completion, AnswerUnusable | None], T]
    write: Callable[[int], Prompt] | None
    brief_chars: int
    patience: Patience
    ends_at: float = 0.0
    shape: Mapping[str, Any] = field(default_factory=lambda: STRICT_FORM)
    number: int = 0
    requests: int = 0
    usage: Usage = field(default_factory=Usage)
    heading: Heading = field(default_factory=Heading)
    cost_known: bool = True
    last: AgentError = field(default_factory=lambda: AgentError("no attempt was made"))
    unusable: AnswerUnusable | None = None
