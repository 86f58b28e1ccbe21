"""Which fields an object of Kubernetes may have: as its Go client says it, in the schema by which it merges objects."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

#: The version of Kubernetes that `make chart` names.
CLIENT: Final = "k8s.io/client-go@v0.32.2"
#: What has processes come with what waits, and where it says what its objects may be.
KEDA: Final = "github.com/kedacore/keda/v2@v2.16.1"
_SCALED: Final = Path("config") / "crd" / "bases" / "keda.sh_scaledobjects.yaml"
_IN: Final = Path("applyconfigurations") / "internal" / "internal.go"
_SCALARS: Final[dict[str, tuple[type, ...]]] = {"string": (str,), "numeric": (int, float), "boolean": (bool,)}

Types = Mapping[str, Mapping[str, Any]]


def fetched() -> Types:
    """Return the types by their names, such as io.k8s.api.apps.v1.Deployment; Go fetches and checks the module."""
    source = (_module(CLIENT) / _IN).read_text("utf-8")
    schema = source.partition("typed.YAMLObject(`")[2].partition("`)")[0]
    return {one["name"]: one for one in yaml.load(schema, yaml.CSafeLoader)["types"]}


def scaled_schema() -> dict[str, Any]:
    """Return the schema of KEDA's ScaledObject, which takes no field that it does not know."""
    defined = yaml.load((_module(KEDA) / _SCALED).read_text("utf-8"), yaml.CSafeLoader)
    (version,) = defined["spec"]["versions"]
    schema: dict[str, Any] = version["schema"]["openAPIV3Schema"]
    schema["properties"]["metadata"] = {"type": "object", "additionalProperties": True}
    return _strict(schema)


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema in which an object with named members has no others: a cluster would drop them in silence."""
    members = {name: _strict(one) for name, one in schema.get("properties", {}).items()}
    told = {**schema, **({"properties": members, "additionalProperties": False} if members else {})}
    return {**told, "items": _strict(schema["items"])} if isinstance(schema.get("items"), dict) else told


def _module(wanted: str) -> Path:
    """Return where a Go module is; Go fetches it, and checks it by its sum."""
    told = subprocess.run(["go", "mod", "download", "-json", wanted], stdout=subprocess.PIPE, text=True, check=True)
    return Path(json.loads(told.stdout)["Dir"])


def violations(types: Types, thing: Mapping[str, Any]) -> list[str]:
    """Return what an object has that its kind does not know, or that is of another type there."""
    group, _, version = f"core/{thing['apiVersion']}".rpartition("/")
    name = f"io.k8s.api.{group.removeprefix('core/')}.{version}.{thing['kind']}"
    return list(_walk(types, thing, {"namedType": name}, thing["kind"]))


def _walk(types: Types, value: Any, told: Mapping[str, Any], where: str) -> Iterator[str]:
    if "namedType" in told:
        name = told["namedType"]
        if name.startswith("__untyped"):
            return
        if name not in types:
            yield f"{where}: there is no {name}"
            return
        told = types[name]
    if isinstance(value, Mapping) and "map" in told:
        fields = {field["name"]: field["type"] for field in told["map"].get("fields", ())}
        for key, one in value.items():
            inner = fields.get(key) or told["map"].get("elementType")
            if inner is None:
                yield f"{where}.{key} is not known"
            else:
                yield from _walk(types, one, inner, f"{where}.{key}")
    elif isinstance(value, list) and "list" in told:
        for number, one in enumerate(value):
            yield from _walk(types, one, told["list"]["elementType"], f"{where}[{number}]")
    else:
        scalar = told.get("scalar")
        wanted = _SCALARS.get(scalar or "", (str, int, float, bool))
        if scalar is None or not isinstance(value, wanted) or (isinstance(value, bool) and scalar == "numeric"):
            yield f"{where} is {value!r}, not {scalar or 'of that shape'}"
