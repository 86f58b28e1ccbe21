"""The shape of every refusal: RFC 9457."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from gateway.shapes.shape import Given
from gateway.shapes.uploads import FieldChoice, TableSeen, UnnamedSums


class WrongValue(Given):
    path: str
    message: str
    pointer: str | None = Field(None, description="Within `phase1`: where it stands in the body (RFC 6901).")


class ProblemShape(Given):
    """Why a request was refused and, in `detail`, what to do. Some kinds have further members."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    request_id: str | None = None
    errors: list[WrongValue] | None = None
    tables: list[TableSeen] | None = Field(None, description="Of `columns-not-sure`: the tables that ask, as read.")
    found: list[str] | None = Field(None, description="Of `other-channels`: those that the document has sales of.")
    unnamed: UnnamedSums | None = Field(None, description="Of `channel-not-told`: the sales that name none.")
    fields: list[FieldChoice] | None = Field(None, description="Of `columns-not-sure`: what a column can be.")
