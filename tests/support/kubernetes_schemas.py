"""Writes what objects of Kubernetes and KEDA may be, as JSON schemas for kubeconform; both publish it in Go modules."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import yaml

#: The version that `make chart` names, and the definitions of its API.
KUBERNETES: Final = "k8s.io/kubernetes@v1.32.2"
_DEFINED: Final = Path("api") / "openapi-spec" / "swagger.json"
#: What has processes come with what waits, and where it says what its objects may be.
KEDA: Final = "github.com/kedacore/keda/v2@v2.16.1"
_SCALED: Final = Path("config") / "crd" / "bases" / "keda.sh_scaledobjects.yaml"
#: The kinds that the chart makes: kind -> group and version.
KINDS: Final = {"Deployment": "apps/v1", "Job": "batch/v1", "PodDisruptionBudget": "policy/v1", "Service": "v1"}
#: Texts by their definition, for which YAML may have a number.
_OR_NUMBER: Final = ("io.k8s.apimachinery.pkg.util.intstr.IntOrString", "io.k8s.apimachinery.pkg.api.resource.Quantity")


def written(folder: Path) -> str:
    """Write a schema for each kind into the folder, and return where kubeconform finds them."""
    definitions = json.loads((_module(KUBERNETES) / _DEFINED).read_bytes())["definitions"]
    for name in _OR_NUMBER:
        definitions[name] = {"type": ["string", "number"]}
    known = {name: strict(one) for name, one in definitions.items()}
    for kind, version in KINDS.items():
        group = version if "/" in version else f"core/{version}"
        name = f"io.k8s.api.{group.replace('/', '.')}.{kind}"
        top = known[name]
        said = {"apiVersion": {"enum": [version]}, "kind": {"enum": [kind]}}
        whole = {**top, "properties": top["properties"] | said, "required": ["apiVersion", "kind", "metadata", "spec"]}
        _write(folder, kind, version, whole | {"definitions": _needed(whole, known)})
    _write(folder, "ScaledObject", "keda.sh/v1alpha1", _scaled())
    return str(folder / "{{ .ResourceKind }}{{ .KindSuffix }}.json")


def _needed(schema: dict[str, Any], known: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the definitions that a schema refers to, directly or through others."""
    found: dict[str, dict[str, Any]] = {}
    waiting = [schema]
    while waiting:
        for name in re.findall(r'"#/definitions/([^"]+)"', json.dumps(waiting.pop())):
            if name not in found:
                found[name] = known[name]
                waiting.append(known[name])
    return found


def _write(folder: Path, kind: str, version: str, schema: dict[str, Any]) -> None:
    group, _, number = version.rpartition("/")
    named = "-".join(part for part in (kind.lower(), group.partition(".")[0], number) if part)  # as kubeconform looks
    (folder / f"{named}.json").write_text(json.dumps(schema), "utf-8")


def _scaled() -> dict[str, Any]:
    defined = yaml.load((_module(KEDA) / _SCALED).read_text("utf-8"), yaml.CSafeLoader)
    (version,) = defined["spec"]["versions"]
    schema: dict[str, Any] = version["schema"]["openAPIV3Schema"]
    schema["properties"]["metadata"] = {"type": "object", "additionalProperties": True}
    return strict(schema)


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema in which an object with named members has no others: a cluster would drop them in silence."""
    told = dict(schema)
    if members := schema.get("properties"):
        told["properties"] = {name: strict(one) for name, one in members.items()}
        told["additionalProperties"] = False
    for of in ("items", "additionalProperties"):
        if isinstance(schema.get(of), dict):
            told[of] = strict(schema[of])
    return told


def _module(wanted: str) -> Path:
    """Return where a Go module is; Go fetches it, and checks it by its sum."""
    told = subprocess.run(["go", "mod", "download", "-json", wanted], stdout=subprocess.PIPE, text=True, check=True)
    return Path(json.loads(told.stdout)["Dir"])
