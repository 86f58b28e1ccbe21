"""What a handler is: an event goes in, the events that follow from it come out. Handlers are pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from schemas.events import Event

Handler = Callable[[Event], Sequence[Event]]
