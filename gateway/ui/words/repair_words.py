"""What was mended in an agent's answer, in words of the page: an event tells it with phrases of two closed lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.words.agent_words import AGENT_FAILURES

#: What was wrong, and what was done. A test holds both to those who write them.
PROBLEMS: Final = frozenset(
    {
        mark("there was other text around the JSON"),
        mark("the model's reasoning stood before the answer"),
        mark("the JSON was broken"),
        mark("the answer was cut off"),
        mark("there was more than one JSON value"),
        mark("a field was given twice"),
        mark("JSON was written as text inside JSON"),
        mark("the answer came as a tool call"),
        mark("the first answer could not be read"),
        mark("the answer was wrapped in another object"),
        mark("the field has another name"),
        mark("the field is not part of a plan"),
        mark("the field is missing"),
        mark("the field is empty"),
        mark("the value has the wrong type"),
        mark("the value is not a number"),
        mark("the number was written as text"),
        mark("a single value stands where a list belongs"),
        mark("an object stands where a list belongs"),
        mark("the text is too long"),
        mark("the list is too long"),
        mark("there were control characters or blanks around the text"),
        mark("the priority is written differently"),
        mark("the priority could not be read"),
        mark("the phase has no number"),
        mark("two phases have the same number"),
        mark("the phase's number and its name disagree"),
        mark("the phase has no tasks"),
        mark("there is no title"),
        mark("there is nothing in it"),
        mark("two opportunities have the same id"),
        mark("it points to an opportunity that does not exist"),
        mark("the unit is written differently"),
        mark("the evidence has no figure that can be checked"),
        mark("there are no opportunities"),
        mark("there are no phases"),
        mark("the document does not hold this figure"),
        mark("the document holds another figure"),
        mark("the document does not hold these products"),
        mark("the worth does not follow from the document's figures"),
        mark("the text repeats the instructions"),
        mark("more was mended than is listed here"),
    }
)
ACTIONS: Final = frozenset(
    {
        mark("opened it"),
        mark("ignored it"),
        mark("mended it by the rules of JSON"),
        mark("kept what was complete"),
        mark("kept the first"),
        mark("kept the last"),
        mark("kept it as given"),
        mark("read it as"),
        mark("read its arguments"),
        mark("asked the agent once more"),
        mark("dropped it"),
        mark("left it empty"),
        mark("left it without a number"),
        mark("took the number from the name"),
        mark("took the number from the key"),
        mark("took the key for the name"),
        mark("took it from the description"),
        mark("named it by its number"),
        mark("read it as a list of one"),
        mark("joined it to one text"),
        mark("set it to normal"),
        mark("cut it"),
        mark("removed them"),
        mark("numbered it anew"),
        mark("removed the link"),
        mark("kept it as text in the description"),
        mark("used the phases alone"),
        mark("left it to Phase 1's rule"),
        mark("put the document's figure in its place"),
        mark("set it to unknown"),
        mark("only counted it"),
    }
)
#: How often the same was mended, behind what was found.
_TIMES: Final = re.compile(r"(?:(?P<quoted>.*), )?(?P<times>[0-9]+) times")


@dataclass(frozen=True, slots=True)
class Said:
    """One half of a repair. `quoted` stands in the answer or in the plan. `foreign`: nobody here has words for it."""

    text: str
    quoted: str = ""
    times: int = 1
    foreign: bool = False


def said(text: str) -> Said:
    """Return an event's text of a repair, translated; the text of another version stays as it is."""
    phrase, _colon, rest = text.partition(": ")
    if phrase not in PROBLEMS | ACTIONS:
        return Said(text, foreign=True)
    match = _TIMES.fullmatch(rest)
    quoted, times = (match["quoted"] or "", int(match["times"])) if match else (rest, 1)
    reason = AGENT_FAILURES.get(f"answer-{quoted}".replace("_", "-"))
    return Said(_(phrase), _(reason) if reason else quoted, times)
