"""Rights at the broker as commands of Redpanda's and of Kafka's tool: one for the resources with the same operation."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from itertools import groupby

from schemas.rights import Kind, Right


def rpk(user: str, rights: Iterable[Right]) -> list[str]:
    """Return `rpk security acl create` commands. rpk's own profile names brokers and admin."""
    return [
        " ".join(
            [
                "rpk security acl create --allow-principal",
                shlex.quote(f"User:{user}"),
                "--operation",
                re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower(),
                "--cluster" if kind is Kind.CLUSTER else f"--{kind} {','.join(names)}",
            ]
        )
        for kind, operation, names in _together(rights)
    ]


def kafka(user: str, rights: Iterable[Right]) -> list[str]:
    """Return `kafka-acls.sh` commands; `admin.properties` says how its user signs in."""
    return [
        " ".join(
            [
                'kafka-acls.sh --bootstrap-server "$MARKETPLACE_BROKERS" --command-config admin.properties --add',
                "--allow-principal",
                shlex.quote(f"User:{user}"),
                "--operation",
                operation,
                "--cluster" if kind is Kind.CLUSTER else " ".join(f"--{kind} {name}" for name in names),
            ]
        )
        for kind, operation, names in _together(rights)
    ]


def _together(rights: Iterable[Right]) -> list[tuple[Kind, str, list[str]]]:
    return [
        (kind, operation.value, [right.name for right in same])
        for (kind, operation), same in groupby(rights, lambda right: (right.kind, right.operation))
    ]
