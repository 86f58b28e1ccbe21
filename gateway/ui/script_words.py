"""The words that the browser's scripts say, handed to them in the page."""

from __future__ import annotations

import json
from typing import Final

from gateway.ui.i18n import gettext, mark as N_
from gateway.ui.problem_words import KINDS, REFUSALS

#: Places are `{name}`: the scripts fill them in.
WORDS: Final[dict[str, str]] = {
    "now": N_("just now"),
    "s": N_("{n} s ago"),
    "min": N_("{n} min ago"),
    "h": N_("{n} h ago"),
    "d": N_("{n} d ago"),
    "live": N_("Live"),
    "connecting": N_("Connecting"),
    "lost": N_("Not live"),
    "lostSince": N_("The live connection is lost since {time} ({ago}). What you see may be old; trying again."),
    "copied": N_("Copied"),
    "newRows": N_("Show {n} new"),
    "waiting": N_("waiting"),
    "sending": N_("{percent} sent"),
    "reading": N_("Reading the file"),
    "uploaded": N_("Uploaded. The plan is on its way:"),
    "openPlan": N_("Open the plan"),
    "duplicate": N_("This file was uploaded before for the same channels."),
    "openExisting": N_("Open the existing plan"),
    "again": N_("Analyse it again"),
    "tryAgain": N_("Try again"),
    "noConnection": N_("The gateway could not be reached"),
    "checkConnection": N_("Check the connection and try again."),
    "failed": N_("That did not work"),
    "remove": N_("Remove"),
}


def script_words() -> str:
    """Return all words as JSON, for an attribute of the page."""
    problems = {name: [gettext(title), gettext(advice)] for name, (title, advice) in {**KINDS, **REFUSALS}.items()}
    return json.dumps({**{k: gettext(v) for k, v in WORDS.items()}, "problems": problems}, ensure_ascii=False)
