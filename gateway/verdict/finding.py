"""A finding, and the verdict that is made of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.snapshot import Snapshot
from gateway.verdict.traits import Effect, Severity, Traits, Value

#: The higher, the more urgent.
RANK: Final = {Severity.INFO: 0, Severity.WARNING: 1, Severity.CRITICAL: 2}
Scalar: TypeAlias = str | int | float | datetime | None
_TYPES: Final[Mapping[Value, tuple[type, ...]]] = {
    Value.COUNT: (int,),
    Value.NUMBER: (int,),
    Value.CAME_BACK: (int,),
    Value.FIGURE: (int, str),
    Value.SECONDS: (int, float),
    Value.AGE: (int, float),
    Value.AGO: (int, float),
    Value.MOMENT: (datetime, type(None)),
    Value.UNTIL: (datetime, type(None)),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong. `values` are those of its kind, `subject` tells two of a kind apart.

    `since`: since when, as far as is known. Raises TypeError for values that are not those of the kind.
    """

    kind: Kind
    values: Mapping[str, Scalar]
    since: datetime | None = None
    subject: str = ""

    def __post_init__(self) -> None:
        wanted = self.traits.values
        if self.values.keys() != wanted.keys():
            raise TypeError(f"a finding {self.kind} has the values {sorted(wanted)}, not {sorted(self.values)}")
        for name, value in self.values.items():
            if not isinstance(value, _TYPES.get(wanted[name], (str,))):
                raise TypeError(f"{name} of a finding {self.kind} is a {wanted[name]}, not {value!r}")

    @property
    def traits(self) -> Traits:
        return TRAITS[self.kind]


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings, most urgent first, at the snapshot's moment.

    `mark`: that of the verdict that this is a view of, "" where it is none.
    """

    findings: tuple[Finding, ...]
    snapshot: Snapshot
    mark: str = ""

    @property
    def as_of(self) -> datetime:
        return self.snapshot.as_of

    @property
    def status(self) -> Effect | None:
        """Return down, degraded, or None where the system is well, whatever asks for a person."""
        effects = {finding.traits.effect for finding in self.findings}
        return next((effect for effect in (Effect.DOWN, Effect.DEGRADED) if effect in effects), None)

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """Return the findings that make the system degraded or down."""
        return tuple(f for f in self.findings if f.traits.effect in (Effect.DOWN, Effect.DEGRADED))

    @property
    def notices(self) -> tuple[Finding, ...]:
        """Return the findings that ask for a person while the system is well."""
        return tuple(f for f in self.findings if f.traits.effect is Effect.NOTICE)

    @property
    def asking(self) -> tuple[Finding, ...]:
        """Return the findings that are wrong or need a person: all but notes."""
        return tuple(f for f in self.findings if f.traits.effect is not Effect.NOTE)

    def has(self, *kinds: Kind) -> bool:
        return any(finding.kind in kinds for finding in self.findings)
