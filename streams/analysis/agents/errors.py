"""What may go wrong with an agent, sorted by what the caller should do about it."""

from __future__ import annotations

from typing import Final, Literal

#: Why nothing could be read from an answer.
Reason = Literal["refusal", "empty", "no_json", "truncated", "too_large"]

REASONS: Final[dict[Reason, str]] = {
    "refusal": "the agent refused to answer",
    "empty": "the agent's answer held no opportunity and no phase",
    "no_json": "the agent's answer held no JSON",
    "truncated": "the agent's answer was cut off before anything could be read",
    "too_large": "the agent's answer was larger than the limit",
}


class AgentError(Exception):
    """The agent gave no analysis. The message is for people: it may quote the server or the agent, never a key."""


class AgentUnavailable(AgentError):  # noqa: N818 - says what is so, like Rejected and Undecodable
    """The agent could not answer now: no connection, timeout, 408, 409, 425, 429 or 5xx. Worth a retry.

    `retry_after` is the wait in seconds that the server asked for, None where it asked for none.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        retry_after: float | None = None,
        status: int | None = None,
        attempts: int = 1,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after
        self.status = status
        self.attempts = attempts


class AgentRejected(AgentError):  # noqa: N818 - says what is so, like Rejected and Undecodable
    """The agent will never take this request: bad key, unknown model, no credit, content filter. No retry."""

    def __init__(self, message: str, *, kind: str, status: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status


class AnswerUnusable(AgentError):  # noqa: N818 - says what is so, like Rejected and Undecodable
    """An answer came, but nothing could be read from it; `reason` says why."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{REASONS[reason]}: {detail}" if detail else REASONS[reason])
        self.reason: Reason = reason
        self.detail = detail
