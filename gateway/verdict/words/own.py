"""What the system itself writes down of a failure, so that a page can say it in the reader's language. Pure.

It is kept in English, with its values in it: of a message that did not arrive, of calls that a breaker holds back, of a
record that nobody could read, of a process that takes nothing, of what PagerDuty said. What a receiver or a library
said is theirs, and stays as it is; so does what an agent's server said, of which earlier versions kept some words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from gateway.verdict.words.speech import Speech
from schemas.causes import CAUSES


class Fate(StrEnum):
    """What became of a message for a receiver: whoever tells of one takes the sentence from here."""

    NO_ANSWER = "no answer within %(seconds)s s"
    HELD_BACK = "its circuit breaker is open"
    NOT_TRIED = "not tried: its circuit breaker is open"
    GIVEN_UP = "given up: its circuit breaker stayed open"
    HANGS = "an earlier call has not come back yet"
    NO_ADDRESS = "Apprise does not understand the address"
    NOT_DELIVERED = "Apprise could not deliver it"
    TAKEN = "taken"
    TAKEN_BUT = "taken, but not for %(whom)s"
    NO_RECIPIENT = "no recipient is taken: %(whom)s"
    NO_HOST = "the host cannot be looked up: %(why)s"
    NOT_CALLED = "not called: the host %(why)s"
    LOCKED = "not called: its secret cannot be read: %(why)s"
    LOOKS_UP = "too many hosts are being looked up"
    OVER = "not sent again: what it told is over"


class Heard(StrEnum):
    """What PagerDuty said of an incident, or why it is ignored: the audit keeps it."""

    ACKNOWLEDGED = "acknowledged in PagerDuty"
    ACKNOWLEDGED_OF = "acknowledged in PagerDuty, incident #%(n)s"
    RESOLVED = "resolved in PagerDuty while it goes on here"
    RESOLVED_OF = "resolved in PagerDuty while it goes on here, incident #%(n)s"
    OTHER_DAY = "it says that it is of %(at)s, which is more than a day away"
    AGAIN = "it has been heard before"
    NO_ALERT = "no alert of this system that goes on has this key"
    EARLIER = "it was said before this alert opened: it means an earlier one"
    BEFORE = "it means an incident before: people were told anew since, and that opened another one"


#: Of calls to an agent, for its breaker. The runner and the watchdog write them (streams/analysis, streams/watchdog).
AGENTS: Final = (
    "the agent did not answer in time",
    "the agent did not answer within %(seconds)s s",
    "the agent did not answer within %(seconds)s s; before that: %(why)s",
    "no answer within %(seconds)s s, far longer than it takes as a rule",
    "the agent's deadline is over",
    "no connection to the agent (%(kind)s)",
    "the agent answered %(status)s: %(why)s",
    "the agent answered %(status)s: it sends requests elsewhere, and no redirect is followed",
    "the account has no credit left",
    "the account has no credit left: %(answer)s",
    "the server's content filter refused the request",
    "the prompt is too long for the agent",
    "the prompt is too long for the agent: %(answer)s",
    "the agent refused the request with %(status)s: %(why)s",
    "it takes no more calls for now; its provider can raise the limit",
    "its server has an error; look at that server's log, or at its provider's page of incidents",
    "it does not take the key; check the key of this agent",
    "the key may not do this; ask its provider for the right to use the model",
    "it knows no such model or address; check both",
    "it does not take what is sent; send it a request yourself to see why",
    "the server turns down every form of the request",
    "the server's answer is no chat completion: %(answer)s",
    "the agent refused to answer",
    "the agent's answer held nothing of what was asked for",
    "the agent's answer held no JSON",
    "the agent's answer was cut off before anything could be read",
    "the agent's answer was larger than the limit",
    "the agent's answer repeated its instructions",
    "the agent's answer was not in Portuguese",
    "most figures of the agent's answer are not the document's",
    "a recovery did not help: %(cause)s",
)
#: Of a record that is a dead letter. Whoever opens records writes them (schemas/wire.py, schemas/belief.py).
LETTERS: Final = (
    "the record has no value",
    "%(n)s bytes are shorter than the frame",
    "the first byte is %(found)s, not %(wanted)s",
    "%(id)s is more than a schema id can be",
    "no schema with id %(id)s is known",
    "schema %(id)s is no Avro schema",
    "schema %(id)s describes no record",
    "schema %(id)s describes %(name)s, which is no event of ours",
    "schema %(id)s of %(type)s: %(answer)s",
    "%(type)s: %(n)s bytes are left over",
    "%(type)s: a number is not finite, which JSON cannot say",
    "%(type)s: an int is larger than the %(n)s bits of one",
    "%(type)s is no request for an analysis",
    "%(type)s of %(stream)s has no signature",
    "%(type)s of %(stream)s is signed by key %(key)s",
    "%(type)s of %(stream)s is signed by key %(key)s, later",
    "the record's key is %(key)s, and the event is of %(plan)s",
    "%(type)s does not belong on %(topic)s",
    "no stream has a version %(n)s",
    "it says to be of %(plan)s, and its record of %(key)s",
    "the stream of %(type)s is %(stream)s, not %(found)s",
    "no process of ours has written this letter",
)
#: Of an event that does not fit its schema (schemas/fit.py, schemas/wire.py) or its seal, or that a person edits.
FIT: Final = (
    "%(where)s is missing",
    "%(where)s is not in the schema",
    "%(where)s is not a record but %(found)s",
    "%(where)s is not a list but %(found)s",
    "%(where)s is not a map but %(found)s",
    "%(where)s is not a whole number but %(found)s",
    "%(where)s is not a number but %(found)s",
    "%(where)s is not text but %(found)s",
    "%(where)s is not true or false but %(found)s",
    "%(where)s is not null but %(found)s",
    "%(where)s is %(found)s, too large for %(kind)s",
    "%(where)s is %(found)s, which JSON cannot say",
    "%(where)s is too large for a double",
    "%(where)s has half of a surrogate pair, which UTF-8 cannot say",
    "%(type)s: %(n)s bytes are more than the %(most)s that a broker takes",
    "%(type)s has no place on topic %(topic)s",
    "%(type)s: data has fields of the envelope: %(names)s",
    "there is no event type %(type)s",
    "%(where)s does not fit the schema of %(type)s: %(why)s",
    "nobody has sealed it",
    "it is sealed by a key that is not known here: %(key)s",
    "it is not as it was sealed: it was changed since",
    "%(where)s has to be %(id)s: an event stays where it was decided",
    "%(where)s the record belongs to %(plan)s: its order is kept by that key",
)
#: Of a secret that cannot be opened (schemas/sealing.py).
SECRETS: Final = (
    "it is encrypted with the key '%(key)s', which this process was not given",
    "the key '%(key)s' does not open it: it is another one's, or was changed",
)
#: Of a breaker that is about to close, or has (schemas/database/functions/flow/breaker_allow.sql, breaker_report.sql).
PROBES: Final = ("the time is over: one probe may go", "%(n)s probes succeeded")
#: Of a process that is told to end (streams/watchdog/processes.py, streams/watchdog/actions.py).
DEAF: Final = (
    "deaf: nothing is taken from %(where)s",
    "deaf: nothing is taken from %(where)s and %(n)s more",
    "they do not move while plans wait",
)
#: Of a registry in which a process could not start (streams/watchdog/registry.py).
REGISTRY: Final = ("%(where)s is not registered: run `provision apply`",)
#: Of an address that may not be called (gateway/webhooks/reach.py).
ADDRESSES: Final = ("leads to %(where)s, which is neither public, with https://, nor in a network of %(setting)s",)
#: Values that are sentences of ours themselves, and those that are names of causes.
_NESTED: Final = "why"
_CAUSE: Final = "cause"
#: What `named` puts before the message of an exception.
_KIND: Final = re.compile(r"[A-Z]\w+: ")
_PLACE: Final = re.compile(r"%\((\w+)\)s")
_CAUSES: Final = {str(cause): text for cause, text in CAUSES.items()}


def messages() -> Iterator[str]:
    """Yield every sentence, for the catalogues."""
    yield from (str(one) for one in (*Fate, *Heard))
    yield from (*AGENTS, *LETTERS, *FIT, *SECRETS, *PROBES, *DEAF, *REGISTRY, *ADDRESSES)


def own(text: str, speech: Speech) -> str | None:
    """Say in a language what the system wrote down; None where it did not write this itself."""
    known = _recognised(text)
    if known is None:
        return None
    message, values = known
    return speech.text(message) % {name: _value(name, value, speech) for name, value in values}


def _value(name: str, value: str, speech: Speech) -> str:
    if name == _CAUSE:
        return speech.text(_CAUSES.get(value, value))
    return (own(value, speech) if name == _NESTED else None) or value


@lru_cache(maxsize=1024)
def _recognised(text: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Return the sentence that a text is, with its values; what an exception's name stands before is one, too."""
    kind = _KIND.match(text)
    if kind is not None and (behind := _recognised(text[kind.end() :])) is not None:
        return behind
    for message, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return message, tuple(found.groupdict().items())
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each sentence as what recognises it, those with most words of ours first."""
    made = sorted(messages(), key=lambda text: -len(_PLACE.sub("", text)))
    return tuple((text, re.compile(_expression(text), re.DOTALL)) for text in made)


def _expression(message: str) -> str:
    parts = _PLACE.split(message)
    return "".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
