"""The failures of an agent, by what its caller should do about them."""

from __future__ import annotations

from typing import Final, Literal

from schemas.plan import AgentUse

#: Why nothing could be read from an answer.
Reason = Literal["refusal", "empty", "no_json", "truncated", "too_large", "echo", "language", "unfounded"]

REASONS: Final[dict[Reason, str]] = {
    "refusal": "the agent refused to answer",
    "empty": "the agent's answer held nothing of what was asked for",
    "no_json": "the agent's answer held no JSON",
    "truncated": "the agent's answer was cut off before anything could be read",
    "too_large": "the agent's answer was larger than the limit",
    "echo": "the agent's answer repeated its instructions",
    "language": "the agent's answer was not in Portuguese",
    "unfounded": "most figures of the agent's answer are not the document's",
}


class AgentError(Exception):
    """The agent gave no analysis. The message is for people, and ours: it quotes neither the server nor the agent.

    `use` is what its calls took all the same; None where none was made.
    """

    use: AgentUse | None = None


class AgentUnavailable(AgentError):  # noqa: N818 - says what is so, like Rejected and Undecodable
    """The agent could not answer now: no connection, timeout, 408, 409, 425, 429 or 5xx. Worth a retry.

    `retry_after` is the wait in seconds that the server asked for, None where it asked for none. `unsent`: nothing of
    the request has left this machine.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        retry_after: float | None = None,
        status: int | None = None,
        attempts: int = 1,
        unsent: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.unsent = unsent
        self.retry_after = retry_after
        self.status = status
        self.attempts = attempts


class AgentRejected(AgentError):  # noqa: N818 - says what is so, like Rejected and Undecodable
    """The agent will never take this request: bad key, unknown model, no credit, content filter. No retry."""

    def __init__(self, message: str, *, kind: str, status: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status


class AgentNotCalled(AgentError):  # noqa: N818 - says what is so, like Rejected and Undecodable
    """A call would be useless or unwanted: no time, no budget, nothing to analyse. It says nothing about the agent."""

    def __init__(self, message: str, *, kind: Literal["deadline", "budget", "nothing"]) -> None:
        super().__init__(message)
        self.kind = kind


class AnswerUnusable(AgentError):  # noqa: N818 - says what is so, like Rejected and Undecodable
    """An unreadable answer; `reason` says why, `detail` is our own text about it."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{REASONS[reason]}: {detail}" if detail else REASONS[reason])
        self.reason: Reason = reason
        self.detail = detail
