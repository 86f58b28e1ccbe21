"""Places the parts and arrows of the flow: one drawing for wide windows, one for phones."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Final, Literal

from gateway.ui.flow import Arrow, Flow, Node

#: Characters of a line of a title.
TITLE: Final = 16
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Place:
    """The middle of a part's box."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Run:
    """How an arrow runs, as the path of an SVG, and where its words stand; `y` 0: there is no room for them."""

    path: str
    x: float
    y: float
    anchor: Anchor = "middle"


@dataclass(frozen=True, slots=True)
class Drawing:
    """`box`: width and height of every part."""

    name: str
    width: float
    height: float
    box: tuple[float, float]
    places: dict[str, Place]
    runs: dict[str, Run]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with the present flow on it."""

    drawing: Drawing
    nodes: tuple[tuple[Node, Place], ...]
    arrows: tuple[tuple[Arrow, Run], ...]


_WIDE: Final = Drawing(
    "wide",
    1060,
    364,
    (144, 74),
    {
        "people": Place(76, 50),
        "gateway": Place(303, 50),
        "log": Place(530, 50),
        "projections": Place(757, 50),
        "tables": Place(984, 50),
        "letters": Place(303, 190),
        "worker": Place(530, 190),
        "lanes": Place(757, 190),
        "runner": Place(984, 190),
        "pump": Place(530, 322),
    },
    {
        "people-gateway": Run("M148 50H229", 189, 40),
        "gateway-log": Run("M375 50H456", 416, 40),
        "log-projections": Run("M602 50H683", 643, 40),
        "projections-tables": Run("M829 50H910", 870, 40),
        "log-worker": Run("M500 87V151", 492, 116, "end"),
        "worker-log": Run("M560 153V89", 568, 140, "start"),
        "worker-lanes": Run("M602 190H683", 643, 180),
        "lanes-runner": Run("M829 190H910", 870, 180),
        "runner-log": Run("M984 153V120H584V89", 870, 114),
        "worker-letters": Run("M458 190H377", 416, 180),
        "worker-pump": Run("M500 227V283", 492, 260, "end"),
        "pump-worker": Run("M560 285V229", 568, 260, "start"),
    },
)
_NARROW: Final = Drawing(
    "narrow",
    360,
    854,
    (150, 74),
    {
        "people": Place(79, 40),
        "gateway": Place(79, 164),
        "log": Place(79, 288),
        "projections": Place(79, 442),
        "tables": Place(79, 566),
        "worker": Place(277, 442),
        "lanes": Place(277, 566),
        "runner": Place(277, 690),
        "pump": Place(79, 690),
        "letters": Place(79, 814),
    },
    {
        # "1.234 esperam" takes a quarter of the width: the words of two arrows side by side stand at different heights
        "people-gateway": Run("M79 77V125", 88, 106, "start"),
        "gateway-log": Run("M79 201V249", 88, 230, "start"),
        "log-projections": Run("M79 325V403", 88, 388, "start"),
        "projections-tables": Run("M79 479V527", 88, 508, "start"),
        "log-worker": Run("M154 306H222V403", 214, 350, "end"),
        "worker-log": Run("M270 405V278H156", 278, 384, "start"),
        "worker-lanes": Run("M240 479V527", 249, 508, "start"),
        "lanes-runner": Run("M240 603V651", 249, 632, "start"),
        "runner-log": Run("M352 690H357V262H156", 250, 256),
        "worker-pump": Run("M202 434H174V680H156", 166, 628, "end"),
        "pump-worker": Run("M154 702H184V450H200", 88, 0),
        "worker-letters": Run("M202 464H194V814H156", 186, 764, "end"),
    },
)


def title_lines(title: str) -> list[str]:
    """Return a title in the one or two lines that a box has room for."""
    return textwrap.wrap(title, TITLE)[:2]


def pictures(flow: Flow) -> tuple[Picture, ...]:
    """Return the flow as drawn for wide windows and for phones."""
    return tuple(
        Picture(
            drawing,
            tuple((flow.nodes[key], place) for key, place in drawing.places.items()),
            tuple((arrow, drawing.runs[arrow.key]) for arrow in flow.arrows),
        )
        for drawing in (_WIDE, _NARROW)
    )
