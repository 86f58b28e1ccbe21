"""What an uploaded document would be read as, before it becomes a plan, and the mappings that are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from gateway.shapes.query import ONE, ChannelId
from gateway.shapes.shape import Given, Line, Taken
from gateway.shapes.teams import OwnTeam
from gateway.shapes.unknown import UnknownShape


class FieldChoice(Given):
    """A field that a column can have, with its name in Portuguese and English."""

    field: str
    pt: str
    en: str


class ColumnSeen(Given):
    header: str
    samples: list[str] = Field(description="The first different cells, masked.")
    field: str = Field(description="What it was taken for; empty: nothing.")
    confidence: float = Field(description="0 to 1; from 0.6 on it is used.")
    by: str = Field(description="layout, name, content or person.")


class TableSeen(Given):
    """One table of a document with its columns."""

    where: str
    layout: str
    kind: str
    rows: int
    header_id: str = Field(description="The same for every document with this header: mappings are kept by it.")
    asks: bool = Field(description="It may be sales, and a person has to say which column is which.")
    columns: list[ColumnSeen]
    warnings: list[str]
    mapped_by: str = Field(description="Whose mapping it was read by; empty: by none.")
    mapped_at: str
    told_currency: str = Field(description="What a person said that its amounts are in; the table tells none.")
    told_channel: str = Field(description="Which channel a person said that its sales are of; the table names none.")


class ChannelSums(Given):
    """The sums that would be read of one channel; null is unknown."""

    channel: str
    currency: str = Field(description="Empty where nothing tells it.")
    currency_source: str = Field(description="read, told (by a person) or assumed; empty: unknown.")
    period: list[str] = Field(description="First and last day; empty where it is unknown.")
    revenue: float | None
    orders: float | None
    units: float | None
    unknown: list[UnknownShape] = Field(description="What is asked first of a channel and would be unknown.")


class UnnamedSums(Given):
    """Sales that name no channel, of a document that is sent for several; null is unknown."""

    rows: int
    revenue: float | None
    currency: str = Field(description="Empty where nothing tells it.")
    channels: list[str] = Field(description="Those that were asked for: `unnamed` of the upload names one.")


class GoodsSums(Given):
    """The costs and stock that would be stored."""

    costs: int = Field(description="SKUs whose cost is told.")
    stock: int = Field(description="SKUs whose stock is told.")
    wrong_rows: int = Field(description="Rows that would change nothing.")
    wrong: list[str] = Field(description="Why, in words.")


class DroppedPart(Given):
    """A part of an agent's answer that does not count."""

    column: str
    field: str
    why: str = Field(description="unknown_field, unknown_column, twice, or cells: the column's cells say otherwise.")


class ColumnProposal(Given):
    """An agent's proposal for columns. It is used only when somebody sends it as `mapping`."""

    agent: str = Field(description="Who made it; empty where nobody answered.")
    columns: dict[str, dict[str, str]] = Field(description="headerId -> column -> field: what mapping takes.")
    dropped: list[DroppedPart]
    code: str = Field(description="Why nothing is proposed, as of a failed analysis; empty where something is.")
    reason: str


class UploadPreview(Given):
    """What an upload would read. Nothing of it is stored."""

    sure: bool = Field(description="Whether an upload with this mapping would be taken.")
    tables: list[TableSeen]
    channels: list[ChannelSums]
    goods: GoodsSums | None = Field(None, description="Null: it tells of no costs and no stock.")
    unnamed: UnnamedSums | None = Field(None, description="Sales of which `unnamed` has to say the channel.")
    warnings: list[str]
    fields: list[FieldChoice]
    proposal: ColumnProposal | None = Field(None, description="With propose=true, where a table asks.")


class MappingOf(Taken):
    team: Annotated[Line, ONE] = Field(
        "", description="Whose mapping: the id or the name of a team; empty: the company's."
    )


class MappingShape(Given):
    """A person's mapping of a header's columns."""

    header_id: str
    columns: dict[str, str] = Field(description="Column -> field, or ignore.")
    currency: str = Field(description="What sales under it are in, where they tell none; empty: nobody said.")
    channel: str = Field(description="Whose sales under it are, where they name none; empty: nobody said.")
    document: str = Field(description="The file that it was made for.")
    made_by: str
    made_at: datetime
    used_at: datetime
    team: OwnTeam | None = Field(description="For whose documents; null: for those of no team.")


class MappingList(Given):
    items: list[MappingShape]


class MappingWanted(Taken):
    columns: dict[str, str] = Field({}, description="Column -> field, or ignore: those that the header has.")
    currency: Line | None = Field(None, description="What its sales are in, such as USD; empty: as they tell.")
    channel: ChannelId | Literal[""] | None = Field(
        None, description="Whose its sales are, where they name none; empty: nobody knows."
    )

    @model_validator(mode="after")
    def _says_something(self) -> MappingWanted:
        if not self.columns and self.currency is None and self.channel is None:
            raise ValueError("says nothing: give columns, currency or channel")
        return self
