"""The texts of the browser's scripts, which the page passes to them."""

from __future__ import annotations

import json
from typing import Final

from gateway.ui.i18n import gettext, mark
from gateway.ui.words.content_words import CONTENT_WORDS, FOR_CONTENT
from gateway.ui.words.problem_words import KINDS, REFUSALS

#: Places are `{name}`: the scripts fill them in. A name with `One` is the form for one.
WORDS: Final[dict[str, str]] = {
    "now": mark("just now"),
    "s": mark("{n} s ago"),
    "min": mark("{n} min ago"),
    "h": mark("{n} h ago"),
    "d": mark("{n} d ago"),
    "due": mark("now"),
    "inS": mark("in {n} s"),
    "inMin": mark("in {n} min"),
    "inH": mark("in {n} h"),
    "live": mark("Live"),
    "connecting": mark("Connecting"),
    "lost": mark("Not live"),
    "lostSince": mark("The live connection is lost since {time} ({ago}). What you see may be old; trying again."),
    "down": mark("The database does not answer: what you see may be old. It is read again once it answers."),
    "asOf": mark("As of {ago}"),
    "copied": mark("Copied"),
    "newRows": mark("Show {n} new"),
    "waiting": mark("waiting"),
    "sending": mark("{percent} sent"),
    "reading": mark("Reading the file"),
    "readingAt": mark("Reading: {where}"),
    "readingSheet": mark("sheet {at} of {of}"),
    "readingPage": mark("page {at} of {of}"),
    "readingRowsOne": mark("1 row"),
    "readingRows": mark("{rows} rows"),
    "readingSumsOne": mark("Summing up 1 row"),
    "readingSums": mark("Summing up {rows} rows"),
    "readingSumsUp": mark("Summing up"),
    "readingWaits": mark("Waiting for its turn to be read"),
    "inNoFile": mark("Asked for, and in none of these files: {channels}"),
    "alsoIn": mark("Also in this file: {channels}."),
    "analyseToo": mark("Analyse these too"),
    "otherChannels": mark("This file has sales of {channels} only, which you did not choose."),
    "analyseThese": mark("Analyse what is in it"),
    "uploaded": mark("Uploaded. The plan is on its way:"),
    "kept": mark("Costs and stock are kept; there is no plan of them."),
    "openCosts": mark("See costs and stock"),
    "openPlan": mark("Open the plan"),
    "duplicate": mark("This file was uploaded before for the same channels."),
    "columnsNotSure": mark("What some columns are is not sure: say what they are."),
    "columnsFirst": mark("Look at the columns; it is uploaded once you confirm them."),
    "columnsTooLittle": mark("The columns still do not tell enough for figures."),
    "channelNotTold": mark("Of which channel are these sales?"),
    "unnamedRow": mark("{n} row of sales names no channel"),
    "unnamedRows": mark("{n} rows of sales name no channel"),
    "unnamedOf": mark("They are of"),
    "unnamedChoose": mark("Choose the channel"),
    "unnamedAnalyse": mark("Analyse them"),
    "openExisting": mark("Open the existing plan"),
    "again": mark("Analyse it again"),
    "tryAgain": mark("Try again"),
    "noConnection": mark("The gateway could not be reached"),
    "checkConnection": mark("Check the connection and try again."),
    "failed": mark("That did not work"),
    "remove": mark("Remove"),
    "foundOne": mark("1 found"),
    "found": mark("{n} found"),
    "nothingFits": mark("Nothing fits"),
}


def script_words() -> str:
    """Return all words as JSON, for an attribute of the page."""
    told = {**KINDS, **REFUSALS}
    told |= {f"{code}.{content}": words for code in FOR_CONTENT for content, words in CONTENT_WORDS.items()}
    problems = {name: [gettext(title), gettext(advice)] for name, (title, advice) in told.items()}
    return json.dumps({**{k: gettext(v) for k, v in WORDS.items()}, "problems": problems}, ensure_ascii=False)
