# noqa: INP001 - a script of the image's build, no package
"""Prints what is installed beside this Python as a bill of materials (CycloneDX 1.6): `bill_of_materials.py [NAMES]`.

NAMES is a file with names of packages: of these and of the system itself alone. The same packages give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any
from urllib.parse import quote

OWN = "marketplace-resilience"
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")
#: Spaces of ids, so that what is the same has the same number.
_SERIES = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/bom")


def plain(name: str) -> str:
    """Return the name of a package as indexes compare it."""
    return re.sub(r"[._-]+", "-", name.lower())


def bill(found: list[Distribution]) -> dict[str, Any]:
    """Return the bill of these packages, of which one is the system itself. Raises StopIteration without that one."""
    known = {plain(one.metadata["Name"]): one for one in found}
    own = next(one for name, one in known.items() if name == OWN)
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**_component(own), "type": "application"}},
        "components": [_component(one) for name, one in sorted(known.items()) if name != OWN],
        "dependencies": [
            {"ref": _url(one), "dependsOn": sorted(_url(known[needed]) for needed in _needs(one) & known.keys())}
            for _, one in sorted(known.items())
        ],
    }
    number = uuid.uuid5(_SERIES, json.dumps(told, sort_keys=True))
    return {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "serialNumber": f"urn:uuid:{number}", **told}


def _component(one: Distribution) -> dict[str, Any]:
    said = {"type": "library", "bom-ref": _url(one), "name": plain(one.metadata["Name"]), "version": one.version}
    return {**said, "purl": _url(one), **_license(one)}


def _license(one: Distribution) -> dict[str, Any]:
    """Return the licence: an expression where there is one, else what the package calls it, on one line."""
    if expression := one.metadata.get("License-Expression"):
        return {"licenses": [{"expression": expression}]}
    prefix = "License :: "
    named = [c.rpartition(" :: ")[2] for c in one.metadata.get_all("Classifier") or () if c.startswith(prefix)]
    named = named or [(one.metadata.get("License") or "").strip().partition("\n")[0][:200]]
    return {"licenses": [{"license": {"name": name}} for name in named]} if all(named) else {}


def _needs(one: Distribution) -> set[str]:
    """Return the names of what a package needs, extras and other machines' packages among them."""
    found = (_NAME.match(line) for line in one.requires or ())
    return {plain(match[0]) for match in found if match is not None} - {plain(one.metadata["Name"])}


def _url(one: Distribution) -> str:
    return f"pkg:pypi/{quote(plain(one.metadata['Name']))}@{quote(one.version)}"


def main() -> int:
    """Print the bill."""
    found = list(distributions())
    if sys.argv[1:]:
        wanted = {plain(name) for name in Path(sys.argv[1]).read_text("utf-8").split()} | {OWN}
        found = [one for one in found if plain(one.metadata["Name"]) in wanted]
    json.dump(bill(found), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
