"""What an upload's form asks for, and which channels the plan is made for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import get_args

from gateway.access.csrf import FIELD
from gateway.access.invisible_characters import UNSEEN
from gateway.intake import Mappings
from gateway.intake.words import currency_named
from gateway.problems.problem import Problem, invalid
from gateway.shapes.query import Language
from gateway.uploads import mapping_form
from gateway.uploads.multipart import Form
from schemas.channels import CHANNELS
from schemas.facts import DocumentFacts
from schemas.plan import PRIORITIES

LANGUAGES = get_args(Language)
WRITTEN = LANGUAGES[0]
_TRUE = frozenset({"true", "1", "on", "yes"})
_FALSE = frozenset({"false", "0", "off", "no", ""})
_FLAGS = ("again", "anyway", "narrow", "propose")
_NAMED = ("channels", "priority", "title", *_FLAGS, "currency", "unnamed", "mapping", "map", "team", "language")
_FIELDS = frozenset({*_NAMED, FIELD}) | mapping_form.FIELDS


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form's fields ask for. `narrow`: of the channels, those only that the document has sales of."""

    channels: list[str]
    priority: str
    title: str
    again: bool = False
    anyway: bool = False
    mappings: Mappings = field(default_factory=dict)
    currency: str = ""  # of amounts that tell none
    complaints: tuple[str, ...] = ()  # what is wrong with the mappings, where the caller shows it beside them
    narrow: bool = False
    unnamed: str = ""  # the channel of sales that name none
    team: str = ""  # whose the plan is: as it was asked for, then its id
    propose: bool = False  # of a look: an agent is asked which column is which
    language: str = WRITTEN  # in which the reader's places and remarks are told


def wanted_of(form: Form, *, lenient: bool = False, of_sales: bool = True) -> Wanted:
    """Return the upload's options from its form. Raises Problem 422.

    `lenient`: a mapping without sense is told in `complaints`, and left out. `of_sales`: channels are needed.
    """
    wrong: list[tuple[str, str]] = [
        (name[:60], f"is no field of this form: there are {', '.join(('file', *_NAMED))}")
        for name in form.fields
        if name not in _FIELDS
    ]
    channels = _channels(form, wrong, of_sales=of_sales)
    priority = form.one("priority", "normal").strip() or "normal"
    if priority not in PRIORITIES:
        wrong.append(("priority", f"is one of {', '.join(PRIORITIES)}"))
    title = form.one("title").strip()
    if len(title) > 200:
        wrong.append(("title", "is longer than 200 characters"))
    if UNSEEN.search(title):
        wrong.append(("title", "must be one line without control characters"))
    said = {name: form.one(name).strip().lower() for name in _FLAGS}
    wrong += [(name, "is true or false") for name, value in said.items() if value not in _TRUE | _FALSE]
    currency = form.one("currency").strip().upper()
    if currency and currency_named(currency) != currency:
        wrong.append(("currency", "is a code such as BRL, USD or EUR"))
    unnamed = form.one("unnamed").strip()
    if unnamed and unnamed not in channels:
        wrong.append(("unnamed", "is one of the channels that are asked for"))
    language = form.one("language").strip() or WRITTEN
    if language not in LANGUAGES:
        wrong.append(("language", f"is one of {', '.join(LANGUAGES)}"))
    complaints: mapping_form.Wrong = []
    mappings = mapping_form.given_mappings(form, complaints)
    if wrong or (complaints and not lenient):
        raise invalid(*(wrong + complaints)[:50])
    told = tuple(message for _, message in complaints)
    flags = {name: value in _TRUE for name, value in said.items()}
    return Wanted(
        channels,
        priority,
        title,
        mappings={} if told else mappings,
        currency=currency,
        complaints=told,
        unnamed=unnamed,
        team=form.one("team").strip()[:200],
        language=language,
        **flags,
    )


def _channels(form: Form, wrong: list[tuple[str, str]], *, of_sales: bool) -> list[str]:
    channels = [c.strip() for value in form.fields.get("channels", []) for c in value.split(",") if c.strip()]
    known = f"Known channels: {', '.join(CHANNELS)}."
    wrong += [("channels", f"'{c[:40]}' is no channel. {known}") for c in dict.fromkeys(channels) if c not in CHANNELS]
    if not channels and of_sales:
        wrong.append(("channels", f"names no channel: at least one is needed. {known}"))
    twice = sorted({c for c in channels if channels.count(c) > 1})
    wrong += [("channels", f"names {c[:40]} twice. {known}") for c in twice]
    return channels


def found_in(facts: DocumentFacts) -> list[str]:
    """Return the channels that the document tells of."""
    return [one.channel for one in facts.channels]


def channels_for(wanted: Wanted, facts: DocumentFacts) -> list[str]:
    """Return the channels that the document's plan is for. A document that tells of no channel is for all of them.

    Raises Problem 422 `other-channels` where it has sales, and none of the channels that were asked for.
    """
    found = found_in(facts)
    if not wanted.narrow or not found:
        return wanted.channels
    own = [channel for channel in wanted.channels if channel in found]
    if not own:
        raise Problem(
            "other-channels",
            f"The document has sales of {', '.join(found)}, and of none of {', '.join(wanted.channels)}."
            " Name its channels in channels to have them analysed.",
            found=found,
        )
    return own
