"""What follows from a batch of records, until it is sent and saved."""

from __future__ import annotations

from dataclasses import dataclass, field

from streams.broker.records import Outgoing
from streams.retries.arrival import Arrival
from streams.retries.index import Ending
from streams.retries.order import Parked, row_of


@dataclass(slots=True)
class Effects:
    """The effects of a batch. `undecided`: ids of records for which the copy to send is chosen after the save."""

    outputs: list[Outgoing] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    rows: dict[str, Parked] = field(default_factory=dict)
    copies: dict[str, Outgoing] = field(default_factory=dict)
    superseded: dict[str, Arrival] = field(default_factory=dict)
    endings: list[Ending] = field(default_factory=list)
    approved: list[tuple[int, str | None]] = field(default_factory=list)  # when, and the trace

    def park(self, sent: Outgoing) -> Parked:
        """Park a record: its row is saved before the copy is sent."""
        row = row_of(sent.topic, sent.key, sent.value, sent.headers)
        if row.record_id not in self.copies:
            self.undecided.append(row.record_id)
        self.rows[row.record_id] = row
        self.copies[row.record_id] = sent
        return row

    def send_current(self, arrival: Arrival) -> None:
        """Send the copy that counts instead of this one."""
        if arrival.id not in self.copies and arrival.id not in self.superseded:
            self.undecided.append(arrival.id)
            self.superseded[arrival.id] = arrival
