"""Name the failure of an analysis, and say whether another attempt can help. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from schemas.plan import AgentUse, Fallback
from streams.analysis.agents.errors import (
    AgentError,
    AgentNotCalled,
    AgentRejected,
    AgentUnavailable,
    AnswerUnusable,
)
from streams.retries.ladder import Postponed, is_retryable

#: Longest reason of a failure, in characters.
REASON_LIMIT: Final = 1000


class DocumentMissing(Exception):  # noqa: N818 - says what is so
    """No document is stored for this work item."""


class RulesFailed(Exception):  # noqa: N818 - says what is so
    """Not even the rules gave an analysis: a fault of ours, and the log has the details."""


class NotMade(Exception):  # noqa: N818 - says what is so
    """The analyst that a person chose gave no analysis, and no other may replace it. `failures` is never empty."""

    def __init__(self, failures: Sequence[Fallback], use: Sequence[AgentUse] = ()) -> None:
        super().__init__("; ".join(f"{failure.agent}: {failure.reason}" for failure in failures))
        self.failures = tuple(failures)
        self.use = tuple(use)


class NoneAnswered(Exception):  # noqa: N818 - says what is so
    """Every agent that could be asked has failed. `errors` and `failures` are in the order in which they were asked."""

    def __init__(self, errors: Sequence[Exception], failures: Sequence[Fallback], use: Sequence[AgentUse]) -> None:
        super().__init__("; ".join(f"{failure.agent}: {failure.reason}" for failure in failures))
        self.errors = tuple(errors)
        self.failures = tuple(failures)
        self.use = tuple(use)

    @property
    def main(self) -> Exception:
        """The error that decides about the work item: a temporary one, else the last one."""
        failed = [error for error in self.errors if not isinstance(error, Postponed)]
        passing = [error for error in failed if worth_a_retry(error)]
        return (passing or failed[::-1] or list(self.errors))[0]


def worth_a_retry(error: BaseException) -> bool:
    """Return whether another attempt can help. It cannot if the client has retried already, or the cause will last.

    After a timeout it cannot either: a later attempt has less time.
    """
    if isinstance(
        error, AgentRejected | AnswerUnusable | AgentNotCalled | DocumentMissing | RulesFailed | NotMade | TimeoutError
    ):
        return False
    if isinstance(error, AgentUnavailable) and error.kind == "timeout":
        return False
    return is_retryable(error)


def code_of(error: BaseException) -> str:
    """Return the stable cause of a failure."""
    match error:
        case AgentUnavailable() | AgentRejected() | AgentNotCalled():
            return f"agent-{error.kind}".replace("_", "-")
        case AnswerUnusable():
            return f"answer-{error.reason}".replace("_", "-")
        case DocumentMissing():
            return "document-missing"
        case RulesFailed():
            return "rules-failed"
        case TimeoutError():
            return "agent-timeout"
        case Postponed():
            return "agent-held"
    return "unexpected"


def reason_of(error: BaseException) -> str:
    """Return words for the plan's page; only errors whose text is made for people are quoted."""
    if isinstance(error, AgentError | DocumentMissing | RulesFailed | Postponed):
        return str(error)[:REASON_LIMIT]
    if isinstance(error, TimeoutError):
        return "the agent did not end in time"
    return f"an unexpected error ({type(error).__name__}); the log has the details"


def failures_of(error: Exception, attempt: int) -> list[Fallback]:
    """Return the failed agents and their reasons after so many attempts at the work item."""
    if isinstance(error, NoneAnswered):
        return [replace(failure, attempts=attempt) for failure in error.failures]
    return [Fallback("", code_of(error), reason_of(error), attempt)]


def use_of(error: Exception) -> list[AgentUse]:
    """Return the tokens and cost of agent calls whose answer was discarded."""
    if isinstance(error, NoneAnswered):
        return list(error.use)
    return [error.use] if isinstance(error, AgentError) and error.use is not None else []
