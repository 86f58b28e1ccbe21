"""The body of a webhook: an event as a CloudEvent in JSON, all of which is signed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from schemas.events import Event, micros, record_name
from schemas.headers import rfc3339

MEDIA: Final = "application/cloudevents+json; charset=utf-8"


def body(event: Event, source: str, recorded_at: datetime, unmatched: Sequence[str] = ()) -> str:
    """Return an event as a CloudEvent. `source`: the pages' address; `data`: the event's, as on the log.

    `unmatched`: numbers of the tasks that it tells without a source in the document. They are no data of the event, so
    they stand beside it; an attribute of a CloudEvent is a text.
    """
    told: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.event_id,
        "source": source,
        "type": event.type,
        "subject": event.stream,
        "time": rfc3339(event.occurred_at),
        "datacontenttype": "application/json",
        "dataschema": f"urn:avro:{record_name(event.type)}",
        "sequence": str(event.version),
        "correlationid": event.correlation_id,
        "causationid": event.causation_id,
        "actor": event.actor,
        "recordedtime": rfc3339(micros(recorded_at)),
        **({"unmatched": "; ".join(unmatched)} if unmatched else {}),
        "data": event.data,
    }
    return orjson.dumps(told).decode()
