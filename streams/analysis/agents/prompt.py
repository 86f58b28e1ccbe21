"""The prompt for an agent. The document is untrusted: it is quoted inside a fence, as data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.channels import channel_name
from schemas.facts import DocumentFacts
from streams.analysis.rules import BRIEF_CHARS, facts_brief

from .errors import Reason
from .instructions import ASK_AGAIN, ASK_AGAIN_AFTER, SYSTEM

if TYPE_CHECKING:  # half a second, which the client needs, and who writes a prompt does not
    from openai.types.chat import ChatCompletionMessageParam


@dataclass(frozen=True, slots=True)
class Prompt:
    """The two messages of one call."""

    system: str
    user: str

    def messages(self, *, again: Reason | None = None) -> list[ChatCompletionMessageParam]:
        """Return the messages as the chat API takes them; `again`: why the previous answer could not be used."""
        messages: list[ChatCompletionMessageParam] = [
            {"role": "system", "content": self.system},
            {"role": "user", "content": self.user},
        ]
        if again is None:
            return messages
        return [*messages, {"role": "user", "content": ASK_AGAIN_AFTER.get(again, ASK_AGAIN)}]


def write_prompt(channel: str, facts: DocumentFacts, brief_chars: int = BRIEF_CHARS) -> Prompt:
    """Return the prompt for one channel. The same facts give the same prompt, byte for byte."""
    brief = facts_brief(channel, facts, brief_chars)
    quoted = brief.encode("utf-8", "replace").decode()  # lone surrogates cannot be sent
    fence = fence_for(quoted)
    user = (
        f"Write the plan for the channel {channel_name(channel)} ({channel}).\n"
        f"The data is between the two lines that read {fence}:\n"
        f"{fence}\n{quoted}\n{fence}\n"
        f"Write the plan for {channel_name(channel)} now, as the JSON object that was asked for."
    )
    return Prompt(SYSTEM, user)


def fence_for(quoted: str) -> str:
    """Return a fence that the text does not contain. It is derived from the text, so nobody can predict it."""
    digest = hashlib.sha256(quoted.encode()).hexdigest()
    return f"=====DATA-{digest[:24]}====="
