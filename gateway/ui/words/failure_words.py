"""Why a record could not be handled, in words of the page; its own words stand beside them."""

from __future__ import annotations

from typing import Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.words.agent_words import AGENT_FAILURES

#: Code of a failure -> what it means. One that is not here, such as the kind of an exception, is shown by itself.
FAILURES: Final[dict[str, str]] = {
    **AGENT_FAILURES,
    "empty": mark("the record is empty"),
    "too-short": mark("the record is too short to be an event"),
    "bad-magic": mark("the record is no event"),
    "bad-schema-id": mark("the record names a schema that cannot be"),
    "unknown-schema": mark("the record's schema is not known"),
    "unknown-type": mark("the type of event is not known"),
    "bad-schema": mark("the record's schema cannot be used"),
    "damaged": mark("the record is damaged"),
    "trailing-bytes": mark("the record is longer than its event"),
    "does-not-fit": mark("the event does not fit its schema"),
    "misplaced": mark("the event does not belong where it stands"),
    "unsigned": mark("nobody of ours has signed the event"),
    "unknown-key": mark("the event is signed with a key that is not known"),
    "retired-key": mark("the event is signed with a key that was retired before"),
    "bad-signature": mark("the signature of the event is wrong"),
    "unsealed": mark("no process of ours has written this letter"),
    "not-believed": mark("the record is not believed"),
    "AgentUnavailable": mark("the agent is not available"),
    "BreakerOpen": mark("calls are held back by a circuit breaker"),
    "TimeoutError": mark("it took too long"),
}


def failure(code: str) -> str:
    """Return a code in words, the code itself where there are none."""
    return _(FAILURES[code]) if code in FAILURES else code
