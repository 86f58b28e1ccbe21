"""Skip decoding a task's task.created when the phase that lists the task was read: it would say the same.

Known by the first bytes of the event itself, not by headers, which anybody can write: its type, its id, its stream and
its version are those that follow from the phase; its key and its signature are right, too. One that differs in any of
them is read as before. So is one that comes before its phase, in another process, or after so many others that it is
forgotten here: then it changes nothing.
`python -m projections.verify` reads all of them, and compares them with their phases.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from schemas.belief import Belief, Record
from schemas.events import Event
from schemas.phase_tasks import VERSION, is_phase, is_whole, places_of
from schemas.wire import OPENS_AT, Codec, opening

#: Tasks that are remembered, some 250 bytes each. Their task.created come within a second; in a rebuild as soon as the
#: partition of their plan is read.
REMEMBERED: Final = 50_000
#: The type of what is left unread.
CREATED: Final = "task.created"
#: An id of a task.created is a UUID, and so is its task's: nothing else is looked for.
_OPENING: Final = len(opening("0" * 36, "task-" + "0" * 36, VERSION))
_UNTIL: Final = OPENS_AT + _OPENING


class Told:
    """`note` phases as they are mapped, `keep` them once their rows are committed. Not shared between tasks."""

    def __init__(self, codec: Codec, most: int = REMEMBERED) -> None:
        self._codec = codec
        self._most = most
        self._kept: dict[bytes, str] = {}
        self._noted: dict[bytes, str] = {}

    def note(self, event: Event) -> None:
        """Note the tasks of a phase whose rows are about to be written; other events hold none."""
        if is_phase(event) and is_whole(event):
            for event_id, stream in places_of(event):
                key = opening(event_id, stream, VERSION)
                if len(key) == _OPENING:
                    self._noted[key] = event.correlation_id

    def tells(self, record: Record, belief: Belief) -> str | None:
        """Return the plan of a task.created that need not be read. What is not believed is a dead letter, so it is."""
        plan = self.plan_of(record.value)
        return plan if plan is not None and belief.is_of(record, plan, CREATED) else None

    def plan_of(self, value: bytes | None) -> str | None:
        """Return the plan of a task.created whose phase was noted; None for everything that has to be read."""
        if value is None or not (self._kept or self._noted):
            return None
        key = value[OPENS_AT:_UNTIL]
        plan = self._noted.get(key) or self._kept.get(key)
        return plan if plan is not None and self._codec.type_of(value) == CREATED else None

    def keep(self) -> None:
        """Remember what was noted: its rows are there. The oldest are forgotten beyond a number."""
        self._kept |= self._noted
        self._noted = {}
        beyond = len(self._kept) - self._most
        if beyond > 0:
            for key in list(islice(self._kept, beyond)):
                del self._kept[key]

    def drop(self) -> None:
        """Forget what was noted and not kept: its rows were not written."""
        self._noted = {}

    def clear(self) -> None:
        """Forget everything: what was committed by a session that has ended is not known for sure."""
        self._kept, self._noted = {}, {}
