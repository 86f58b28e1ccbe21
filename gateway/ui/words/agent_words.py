"""Why an agent gave no analysis, in words of the page; the agent's or the server's own words stand beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark

#: Code of a failure -> what it means. A code that is not here is shown by itself.
AGENT_FAILURES: Final[dict[str, str]] = {
    "agent-timeout": mark("the agent did not answer in time"),
    "agent-connection": mark("the agent could not be reached"),
    "agent-server-error": mark("the agent's server had an error"),
    "agent-rate-limit": mark("the agent's server takes no more requests for now"),
    "agent-envelope": mark("the agent's server gave no answer that can be read"),
    "agent-key": mark("the agent's server does not take the key"),
    "agent-forbidden": mark("the agent's server does not take the key"),
    "agent-not-found": mark("the agent's server does not know the model"),
    "agent-no-credit": mark("the account has no credit left"),
    "agent-bad-request": mark("the agent's server does not take the request"),
    "agent-content-filter": mark("a content filter stopped the answer"),
    "agent-too-long": mark("the figures are too long for the agent"),
    "agent-held": mark("calls to the agent are held back by a circuit breaker"),
    "agent-deadline": mark("no time was left to ask the agent"),
    "agent-budget": mark("the month's budget for agents is spent"),
    "agent-nothing": mark("no agent was asked, because the document tells nothing of this channel"),
    "answer-refusal": mark("the agent refused to answer"),
    "answer-empty": mark("the agent's answer was empty"),
    "answer-no-json": mark("the agent's answer cannot be read"),
    "answer-truncated": mark("the agent's answer was cut off"),
    "answer-too-large": mark("the agent's answer was too large"),
    "answer-echo": mark("the agent repeated its instructions"),
    "answer-language": mark("the agent did not write in Portuguese"),
    "answer-unfounded": mark("most figures of the agent's answer are not the document's"),
    "result-unusable": mark("the agent's answer holds something that cannot be stored"),
    "deadline-missed": mark("the analysis did not end in time"),
    "unexpected": mark("an unexpected error"),
    "no-agent": mark("no agent is configured"),
    "document-missing": mark("the figures of the document are no longer kept"),
    "rules-failed": mark("the built-in rules failed, which is a fault of this system"),
}


def failure(data: Mapping[str, Any]) -> str:
    """Say why an analysis failed, by the code of its event; one of another version keeps its own words."""
    text = AGENT_FAILURES.get(data.get("code", ""))
    return _(text) if text else data.get("reason", "")
