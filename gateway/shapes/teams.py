"""Teams: who sees whose plans."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from gateway.shapes.published import one_of
from gateway.shapes.shape import Given, Line, Reason, Taken, Title


class TeamWanted(Taken):
    """A team to be made, or another name for one. No two open teams have the same."""

    name: Title


class MemberWanted(Taken, json_schema_extra=one_of("person", "key")):
    """A new member of a team: a person by handle, or a key without a person by id."""

    person: Line | None = Field(None, description="The handle.")
    key: Line | None = Field(None, description="The id of a key that belongs to nobody.")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.person is None) == (self.key is None):
            raise ValueError("send person or key, one of both")
        return self


class PlanMove(Taken):
    """The team that a plan is moved to, and why."""

    team: UUID | None = Field(description="The id of an open team; null: of none, so that everybody sees the plan.")
    reason: Reason


class PlanMoves(PlanMove, json_schema_extra=one_of("planIds", "ofTeam")):
    """The plans that move to another team: the named ones, or all plans of a team."""

    plan_ids: list[UUID] | None = Field(None, min_length=1, max_length=1000)
    of_team: UUID | None = Field(None, description="The plans of this team, closed or not; 1,000 at a time.")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.plan_ids is None) == (self.of_team is None):
            raise ValueError("send planIds or ofTeam, one of both")
        return self


class MemberShape(Given):
    kind: Literal["person", "key"]
    id: str = Field(description="The handle of a person, or the id of a key.")
    name: str
    role: str


class TeamShape(Given):
    team_id: UUID
    name: str
    made_at: datetime
    made_by: str
    closed_at: datetime | None = Field(description="It takes no more plans and members; who sees its plans stays.")
    plans: int
    members: list[MemberShape]


class TeamList(Given):
    """`seeing_all`: keys of viewers and analysts that belong to nobody and are in no team, and so see every plan."""

    items: list[TeamShape]
    seeing_all: int


class OwnTeam(Given):
    team_id: UUID
    name: str


class OwnTeams(Given):
    """The teams that you can upload for, by name. `confined`: you see the plans of your teams and of none alone."""

    items: list[OwnTeam]
    confined: bool


class PlanMoved(Given):
    plan_id: UUID
    team: UUID | None


class PlansMoved(Given):
    """What became of plans that were to move: all of those that there are moved, or belonged there before."""

    moved: int
    unknown: list[UUID] = Field(description="Plans that there are not.")
    left: int = Field(description="How many plans the team has that is to have none: ask again.")
