"""The words of findings on what fails more often than it should."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.verdict.kinds import Kind
from gateway.verdict.words.say import Words

WORDS: Final[Mapping[Kind, Words]] = {
    Kind.AGENT_UNUSABLE: Words(
        "Plans are written by %(instead)s, because the answers of %(name)s cannot be used: %(count)s of the"
        " last %(all)s.",
        "That is %(share)s. The latest one was about %(channel)s: %(reason)s.",
        "Ask it something yourself, and look whether its model was changed. Until it answers well, name another one"
        " (`MARKETPLACE_AGENT_MODEL`). Channels can be analysed again on their plan's page.",
    ),
    Kind.FAILING_OFTEN: Words(
        "Of the last %(all)s analyses of a channel %(count)s failed at first, that is %(share)s.",
        "The fallback agent or the rules made most of them: plans go on, with less than an agent finds.",
        "Look at the agents' status pages and at `marketplace breaker list`. The plans say why each channel failed.",
    ),
    Kind.PHASE1_FAILING: Words(
        "Of the last %(all)s plans that Phase 1 was tried for, %(count)s failed at first, that is %(share)s.",
        "Within %(within)s. A failed attempt is made again by itself: plans come late, and none is lost.",
        "`marketplace retries list` and the page Retries say why. What many of them name is the cause.",
    ),
    Kind.REQUESTS_FAILING: Words(
        "Of the last %(all)s requests %(count)s were not served, that is %(share)s.",
        "Within %(within)s, by all gateways together. Who asked got a status of 500 or above, and may ask again.",
        "`marketplace logs gateway` names each of them with its reason, and `/metrics` counts them by route.",
    ),
    Kind.TASKS_FAILING: Words(
        "Of the last %(all)s tasks that ended, %(count)s failed, that is %(share)s.",
        "Within %(within)s, by what the people who worked on them said.",
        "Read what was said of them: many at once have one cause. Then retry them or cancel them.",
    ),
}
