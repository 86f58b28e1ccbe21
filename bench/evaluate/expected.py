"""What is known of documents apart from the reader (`expected.json` beside them), held against what was read.

    {"orders.xlsx": {"shopee": {"revenue": 4841.54, "orders": 145, "currency": "BRL", "net": null,
                                "findings": ["returns"]},
                     "kind": "sales", "layout": "shopee.order_all"},
     "own.csv": {"map": ["revenue=vl_um", "at=dt"], "own_store": {"revenue": 1234.5}},
     "other.csv": {"asks": true},
     "broken.pdf": {"refused": "unreadable"}}

`null` says that the figure must not be given; what is not named may be anything. `channel` stands for the only channel.
`map` is what a person says of the columns, as `marketplace upload --map` has it. `asks`: whoever uploads the document
is asked what they are.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from bench.evaluate.reading import EXPECTED
from bench.evaluate.telling import FIGURES
from gateway.intake import IGNORE, choosable_fields
from schemas.channels import CHANNELS

#: So far off an amount or a count may be, whatever it comes to, and a share.
CENT: Final = 0.01
SHARE: Final = 0.0001
#: Figures that are no shares, even where they are less than one.
_SUMS: Final = frozenset(FIGURES) - {"ads_share"}
ONLY: Final = "channel"
#: What a column can be said to be.
FIELDS: Final = frozenset([IGNORE, *(one["field"] for one in choosable_fields())])
_SLACK: Final = 1e-9


def load(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the expected results of documents below a folder, by their path from it. Raises OSError, ValueError."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.rglob(EXPECTED)):
        below = path.parent.relative_to(folder)
        found |= {str(below / name): wanted for name, wanted in _read(path).items()}
    for name, wanted in found.items():
        unknown = wanted.keys() - CHANNELS.keys() - {ONLY, "kind", "layout", "refused", "channels", "map", "asks"}
        if unknown:
            raise ValueError(f"{EXPECTED}: {name}: no channel and no property: {', '.join(sorted(unknown))}")
        mapping_of(wanted, name)
    return found


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    if not isinstance(told, dict) or not all(isinstance(wanted, dict) for wanted in told.values()):
        raise ValueError(f"{path}: has to be an object with an object for each document")
    return told


def mapping_of(wanted: dict[str, Any] | None, name: str = "") -> dict[str, str]:
    """Return column -> field as a person says it of the document. Raises ValueError."""
    said = (wanted or {}).get("map", [])
    pairs = [str(one).partition("=") for one in said] if isinstance(said, list) else [("", "", "")]
    if not all(column and field in FIELDS for field, _, column in pairs):
        raise ValueError(f"{EXPECTED}: {name}: map is a list of field=column; fields: {', '.join(sorted(FIELDS))}")
    return {column: field for field, _, column in pairs}


def channels_of(wanted: dict[str, Any] | None) -> list[str] | None:
    """Return the channels that a document is read for; None if the reader is to find them."""
    if wanted is None:
        return None
    return wanted.get("channels") or [name for name in wanted if name in CHANNELS] or None


def differences(wanted: dict[str, Any], telling: dict[str, Any]) -> list[str]:
    """Return the differences from the expected results, a sentence each."""
    found: list[str] = []
    code = (telling["refused"] or {}).get("code")
    if wanted.get("refused") != code:
        found.append(f"refused: expected {wanted.get('refused') or 'no'}, is {code or 'no'}")
    if "kind" in wanted and wanted["kind"] != telling["kind"]:
        found.append(f"kind: expected {wanted['kind']}, is {telling['kind'] or 'unknown'}")
    if "layout" in wanted and wanted["layout"] not in telling["layouts"]:
        found.append(f"layout: expected {wanted['layout']}, is {', '.join(telling['layouts']) or 'unknown'}")
    if "asks" in wanted and wanted["asks"] != telling["asks"]:
        found.append("asks: whoever uploads it is asked" if telling["asks"] else "asks: nobody is asked")
    known = {name: own for name, own in telling["channels"].items() if own["figures"]}
    for name in (key for key in wanted if key in CHANNELS or key == ONLY):
        own = known.get(name)
        if name == ONLY and len(known) == 1:
            name, own = next(iter(known.items()))  # noqa: PLW2901 - the channel's own name is what is told
        if own is None:
            found.append(f"{name}: expected, not read (read: {', '.join(known) or 'none'})")
        else:
            found += [f"{name}: {text}" for text in _of_channel(wanted[name if name in wanted else ONLY], own)]
    return found


def same(name: str, wanted: float, value: float) -> bool:
    """Say whether two values of a figure are the same: a share to a hundredth of a percent, all else to the cent."""
    is_share = name not in _SUMS and abs(wanted) <= 1
    return abs(wanted - value) <= (SHARE if is_share else CENT) + _SLACK


def _of_channel(wanted: dict[str, Any], own: dict[str, Any]) -> list[str]:
    found: list[str] = []
    rules = [finding["rule"] for finding in own["findings"]]
    for name, value in wanted.items():
        if name in ("currency", "period"):
            if value != own[name]:
                found.append(f"{name}: expected {value}, is {own[name] or 'unknown'}")
        elif name == "findings":
            found += [f"finding {rule}: expected, not found" for rule in value if rule not in rules]
        elif name == "no_findings":
            found += [f"finding {rule}: found, must not be" for rule in value if rule in rules]
        else:
            found += _of_figure(name, value, own["figures"].get(name))
    return found


def _of_figure(name: str, wanted: float | None, value: float | None) -> list[str]:
    if wanted is None or value is None:
        return [] if wanted is value else [f"{name}: expected {_shown(wanted)}, is {_shown(value)}"]
    if same(name, wanted, value):
        return []
    return [f"{name}: expected {wanted:,.4f}, is {value:,.4f} ({_off(wanted, value)})"]


def _shown(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.4f}"


def _off(wanted: float, value: float) -> str:
    return f"{(value - wanted) / abs(wanted):+.2%}" if wanted else f"{value - wanted:+,.4f}"


def as_expected(telling: dict[str, Any]) -> dict[str, Any]:
    """Return the results in the form of an expected file: a start, for a person to correct."""
    if telling["refused"]:
        return {"refused": telling["refused"]["code"]}
    named: dict[str, Any] = {
        name: {figure: own["figures"].get(figure) for figure in FIGURES}
        | {"currency": own["currency"], "period": own["period"]}
        for name, own in telling["channels"].items()
        if own["figures"]
    }
    if telling["asks"]:
        named["asks"] = True
    if telling["kind"]:
        named["kind"] = telling["kind"]
    if telling["layouts"]:
        named["layout"] = telling["layouts"][0]
    return named
