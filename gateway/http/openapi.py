"""The OpenAPI 3.1 document, made from the declared routes and from the shapes that requests are checked by."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, Final

import orjson
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute, Route

from gateway.http.door import Operation, Resource
from gateway.http.signatures import Signature
from gateway.problems.kinds import KINDS
from gateway.shapes.problem import ProblemShape
from gateway.shapes.published import ETAG, IDEMPOTENCY_KEY
from schemas.channels import CHANNELS
from schemas.plan import PRIORITIES
from schemas.process.version import build

_REF: Final = "#/components/schemas/{model}"
#: Headers that an operation takes besides its parameters: kind of problem that each can cause -> name and meaning.
_COMMAND_HEADERS: Final = {
    "key-reused": (
        "Idempotency-Key",
        f"^{IDEMPOTENCY_KEY}$",
        "Repeating a request with the same key has one effect and the first answer.",
    ),
    "version-mismatch": (
        "If-Match",
        rf"^({ETAG}|\*)$",
        'The ETag of what was read, such as "3": refused with 412 if it has changed since.',
    ),
}
#: The tags of operations, in the order of the reference, and the modules of their handlers.
TAGS: Final = {
    "Plans": ("plans", "uploads", "again", "phases", "recovery", "erasure"),
    "Tasks": ("tasks", "added_tasks"),
    "Figures and outcomes": ("figures", "outcomes", "rules"),
    "Costs, stock and columns": ("goods", "mappings"),
    "Live changes": ("events",),
    "Webhooks": ("webhooks",),
    "Retries and dead letters": ("retries", "dead_letters", "outbox", "attempts"),
    "Alerts": ("alerts", "hooks"),
    "Objectives": ("slo", "charts"),
    "System": ("health", "system", "reference"),
    "People and keys": ("people", "teams", "keys", "audit"),
    "Files": ("exports",),
}
_TAG_OF: Final = {module: tag for tag, modules in TAGS.items() for module in modules}
_UPLOAD: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["file", "channels"],
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": "PDF, DOCX, XLSX, XLS, XLSB, ODS, CSV, TXT, Markdown or HTML.",
        },
        "channels": {
            "type": "array",
            "items": {"type": "string", "enum": list(CHANNELS)},
            "minItems": 1,
            "description": "Repeated, or one value separated by commas.",
        },
        "priority": {"type": "string", "enum": list(PRIORITIES), "default": "normal"},
        "title": {"type": "string", "maxLength": 200},
        "narrow": {
            "type": "boolean",
            "default": False,
            "description": "Of the channels, only those that the document has sales of; all where it names none.",
        },
        "currency": {
            "type": "string",
            "description": "Of amounts whose currency the document does not tell, such as BRL; kept with the header.",
        },
        "unnamed": {
            "type": "string",
            "enum": list(CHANNELS),
            "description": "The channel of sales that name none, one of those asked for; kept with the header.",
        },
        "team": {
            "type": "string",
            "description": "Whose the plan is: the name or id of your team; needed where you belong to several.",
        },
        "again": {"type": "boolean", "default": False, "description": "Make another plan of a file that is known."},
        "mapping": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "What columns are, by table: {headerId: {column: field}}; the field `ignore` is for none.",
        },
        "map": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[^=]+=.+$"},
            "description": "The same as field=column, repeated: of every table that has all of these columns.",
        },
        "anyway": {
            "type": "boolean",
            "default": False,
            "description": "Take a document whose columns are not sure: a plan without figures of these tables.",
        },
        "language": {
            "type": "string",
            "enum": ["en", "pt-BR"],
            "default": "pt-BR",
            "description": "Of the reader's places and remarks, wherever the answer tells them.",
        },
    },
}


def document_bytes(app: Any) -> bytes:
    """Return the document as JSON; it is made once for an application."""
    made: bytes | None = getattr(app.state, "openapi", None)
    if made is None:
        made = app.state.openapi = orjson.dumps(document(app.routes))
    return made


def document(routes: list[BaseRoute]) -> dict[str, Any]:
    """Return the OpenAPI document of these routes."""
    declared = list(_declared(routes))
    models: dict[Any, None] = {(ProblemShape, "serialization"): None}
    for _, _, operation, signature in declared:
        models |= {(m, "serialization"): None for m in (operation.answer,) if m is not None}
        models |= {(operation.also[1], "serialization"): None} if operation.also else {}
        models |= {(m, "validation"): None for m in (signature.query, signature.body) if m is not None}
    refs, definitions = models_json_schema(list(models), by_alias=True, ref_template=_REF)
    schemas: dict[str, Any] = definitions.get("$defs", {})
    paths: dict[str, dict[str, Any]] = {}
    for path, method, operation, signature in declared:
        paths.setdefault(path, {})[method.lower()] = _operation(operation, signature, refs, schemas)
    for _, _, _, signature in declared:
        if signature.query is not None:
            schemas.pop(signature.query.__name__, None)  # its members stand as parameters
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Marketplace Resilience System",
            "version": build().version,
            "description": "Upload a marketplace document, decide on its plan, work through its tasks.",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}, {"signIn": []}],
        "tags": [{"name": tag} for tag in TAGS],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "bearerFormat": "mrs_<id>_<secret>"},
                "signIn": {"type": "apiKey", "in": "cookie", "name": "marketplace_session"},
            },
        },
    }


def _declared(routes: list[BaseRoute]) -> Iterator[tuple[str, str, Operation, Signature]]:
    for route in routes:
        if isinstance(route, Route) and isinstance(route.endpoint, Resource):
            for method, operation in route.endpoint.operations.items():
                if not operation.hidden:
                    yield route.path, method, operation, route.endpoint.signatures[operation]


def _summary(operation: Operation) -> tuple[str, str]:
    first, _, rest = inspect.cleandoc(operation.handler.__doc__ or "").partition("\n")
    return first.rstrip("."), " ".join(rest.split())


def _operation(operation: Operation, signature: Signature, refs: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    summary, description = _summary(operation)
    module = operation.handler.__module__.rpartition(".")[2]
    said: dict[str, Any] = {
        "operationId": f"{module}_{operation.handler.__name__}",
        "tags": [_TAG_OF[module]],
        "summary": summary,
        "parameters": _parameters(operation, signature, schemas),
        "responses": _responses(operation, signature, refs),
    }
    if description:
        said["description"] = description
    if operation.role is None:
        said["security"] = []
    else:
        said["x-role"] = operation.role.value
    if signature.body is not None:
        content = {"application/json": {"schema": refs[signature.body, "validation"]}}
        said["requestBody"] = {"required": True, "content": content}
    elif operation.takes == "multipart/form-data":
        said["requestBody"] = {"required": True, "content": {operation.takes: {"schema": _UPLOAD}}}
    return said


def _parameters(operation: Operation, signature: Signature, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(kind)}
        for name, kind in signature.path.items()
    ]
    if signature.query is not None:
        whole = schemas[signature.query.__name__]
        needed = whole.get("required", ())
        for name, schema in whole.get("properties", {}).items():
            text = schema.pop("description", None)
            parameter = {"name": name, "in": "query", "required": name in needed, "schema": _with_blanks(schema)}
            found.append(parameter | ({"description": text} if text else {}))
    found += [
        {
            "name": name,
            "in": "header",
            "required": False,
            "description": meaning,
            "schema": {"type": "string", "pattern": pattern},
        }
        for problem, (name, pattern, meaning) in _COMMAND_HEADERS.items()
        if problem in operation.errors
    ]
    return found


def _with_blanks(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter.

    One that takes several values may be blank, as forms send it, which means none.
    """
    items = schema.get("items", {})
    if {"enum", "$ref", "format"} & items.keys():  # texts may be blank anyway
        items = {"anyOf": [items, {"type": "string", "pattern": r"^\s*$"}]}
    return {**schema, "items": items} if items else schema


def _path_schema(kind: type) -> dict[str, str]:
    return {"type": "string", "pattern": r"^[^/\\]+$"} if kind is str else {"type": "string", "format": "uuid"}


def _responses(operation: Operation, signature: Signature, refs: Any) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "Done." if operation.status != 202 else "Taken; follow it at `links`."}
    if operation.answer is not None:
        answer["content"] = {operation.media: {"schema": refs[operation.answer, "serialization"]}}
    elif operation.status != 204:
        answer["content"] = {media: {"schema": {"type": "string"}} for media in operation.files or (operation.media,)}
    kinds = [*operation.errors, "rate-limited", "internal", "unavailable"]
    if operation.role is not None:
        kinds = ["unauthenticated", "forbidden", *kinds]
    if signature.path:  # an encoded slash in it (gateway/http/hosts.py)
        kinds = ["bad-request", *kinds]
    by_status: dict[int, list[str]] = {}
    for name in dict.fromkeys(kinds):
        by_status.setdefault(KINDS[name].status, []).append(KINDS[name].title)
    problem = {"application/problem+json": {"schema": refs[ProblemShape, "serialization"]}}
    responses = {str(operation.status): answer}
    if operation.also is not None:
        status, shape, when = operation.also
        content = {operation.media: {"schema": refs[shape, "serialization"]}}
        responses[str(status)] = {"description": when, "content": content}
    responses |= {str(s): {"description": "; ".join(t) + ".", "content": problem} for s, t in sorted(by_status.items())}
    return responses
