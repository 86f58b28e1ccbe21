"""The reference as people read it, made of the OpenAPI and AsyncAPI documents: calls, and events of the log. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.ui.schema_examples import example, examples
from gateway.ui.schema_fields import Field, fields, type_of

Document = Mapping[str, Any]

_PROBLEM: Final = "application/problem+json"
#: What an upload sends, for the command line.
_FORM: Final = ("-F", "file=@sales.csv", "-F", "channels=shopee")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a call. `example` is a body as text; "" where there is none, or where it is a problem."""

    status: str
    says: str
    media: str
    fields: Sequence[Field]
    example: str


@dataclass(frozen=True, slots=True)
class Call:
    """One operation. `bodies` are the least that it takes, the shortest first; `curl` sends that one."""

    id: str
    group: str
    method: str
    path: str
    summary: str
    description: str
    role: str
    parameters: Sequence[Field]
    body: Sequence[Field]
    bodies: Sequence[str]
    curl: str
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Event:
    """One type of event. `topics`: where it stands; `readers`: the consumer groups of these."""

    type: str
    summary: str
    topics: Sequence[str]
    writers: Sequence[str]
    readers: Sequence[str]
    fields: Sequence[Field]
    example: str


def calls(document: Document) -> dict[str, Call]:
    """Return every operation of an OpenAPI document by its id, group by group in the document's order of tags."""
    place = {tag["name"]: n for n, tag in enumerate(document["tags"])}
    found = [
        _call(document, path, method, said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]
    return {call.id: call for call in sorted(found, key=lambda call: place[call.group])}


def events(document: Document) -> dict[str, Event]:
    """Return every event of an AsyncAPI document by its type."""
    return {message["name"]: _event(document, message) for message in document["components"]["messages"].values()}


def _call(document: Document, path: str, method: str, said: Mapping[str, Any]) -> Call:
    shapes = document["components"]["schemas"]
    content = said.get("requestBody", {}).get("content", {})
    (body,) = [media["schema"] for media in content.values()] or [None]
    bodies = [] if body is None or "multipart/form-data" in content else examples(body, shapes, least=True)
    return Call(
        id=said["operationId"],
        group=said["tags"][0],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        description=said.get("description", ""),
        role=said.get("x-role", ""),
        parameters=[_parameter(one, shapes) for one in said["parameters"]],
        body=[] if body is None else fields(body, shapes),
        bodies=[_text(one) for one in bodies],
        curl=_curl(path, method.upper(), said, shapes, bodies[0] if bodies else None),
        answers=[_answer(status, one, shapes) for status, one in said["responses"].items()],
    )


def _parameter(one: Mapping[str, Any], shapes: Mapping[str, Any]) -> Field:
    says = [one.get("description", ""), f"In the {one['in']}."]
    return Field(one["name"], type_of(one["schema"], shapes), one["required"], " ".join(filter(None, says)))


def _answer(status: str, said: Mapping[str, Any], shapes: Mapping[str, Any]) -> Answer:
    for media, one in said.get("content", {}).items():
        if media == _PROBLEM:
            return Answer(status, said["description"], media, [], "")
        whole = example(one["schema"], shapes)
        shown = whole if isinstance(whole, str) else _text(whole)
        return Answer(status, said["description"], media, fields(one["schema"], shapes), shown)
    return Answer(status, said["description"], "", [], "")


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _curl(path: str, method: str, said: Mapping[str, Any], shapes: Mapping[str, Any], body: Any) -> str:
    """Return the call as a command line: `$MARKETPLACE_URL` is where the gateway is, `$KEY` an API key."""
    headers, asked = [], []
    for one in said["parameters"]:
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", str(example(one["schema"], shapes)))
        elif one["name"] == "Idempotency-Key":
            headers.append('-H "Idempotency-Key: $(uuidgen)"')
        elif one["in"] == "query" and one["required"]:
            asked.append(f"{one['name']}={example(one['schema'], shapes)}")
    if asked:
        path += f"?{'&'.join(asked)}"
    if said.get("security") != []:
        headers.insert(0, '-H "Authorization: Bearer $KEY"')
    lines = [f'curl -X {method} "$MARKETPLACE_URL{path}"' if method != "GET" else f'curl "$MARKETPLACE_URL{path}"']
    lines += headers
    content = said.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        lines.append(shlex.join(_FORM))
    elif body is not None:
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(json.dumps(body, ensure_ascii=False))}"]
    return " \\\n  ".join(lines)


def _event(document: Document, message: Mapping[str, Any]) -> Event:
    key = next(k for k, one in document["components"]["messages"].items() if one is message)
    channels = {name: one for name, one in document["channels"].items() if key in one["messages"]}
    operations = [
        (name, one) for name, one in document["operations"].items()
        if one["channel"]["$ref"].rpartition("/")[2] in channels
    ]  # fmt: skip
    return Event(
        type=message["name"],
        summary=message["summary"],
        topics=[one["address"] for one in channels.values()],
        writers=[name.partition("_writes_")[0] for name, one in operations if one["action"] == "send"],
        readers=[_group_of(one) for _, one in operations if one["action"] == "receive"],
        fields=list(_avro_fields(message["payload"]["schema"], "")),
        example=_text(message["examples"][0]["payload"]),
    )


def _group_of(operation: Mapping[str, Any]) -> str:
    return str(operation["bindings"]["kafka"]["groupId"]["enum"][0])


def _avro_fields(schema: Any, within: str) -> Iterator[Field]:
    """Yield a row for each field of an Avro record, those of its records included."""
    for one in schema["fields"]:
        path = f"{within}.{one['name']}" if within else one["name"]
        yield Field(path, _avro_type(one["type"]), "default" not in one, one.get("doc", ""))
        inner, several = _record_of(one["type"])
        if inner is not None:
            yield from _avro_fields(inner, path + several)


def _record_of(schema: Any) -> tuple[Any, str]:
    """Return the record that a type holds, and `[]` where it holds a list of it; (None, "") where it holds none."""
    if isinstance(schema, list):
        return next((found for one in schema if (found := _record_of(one))[0] is not None), (None, ""))
    if not isinstance(schema, Mapping):
        return None, ""
    if schema["type"] == "array":
        inner, several = _record_of(schema["items"])
        return inner, "[]" + several
    return (schema, "") if schema["type"] == "record" else (None, "")


def _avro_type(schema: Any) -> str:
    if isinstance(schema, list):
        return " or ".join(_avro_type(one) for one in schema)
    if isinstance(schema, str):
        return {"null": "nothing", "string": "text"}.get(schema, schema)
    if "logicalType" in schema:
        return str(schema["logicalType"])
    match schema["type"]:
        case "array":
            return f"list of {_avro_type(schema['items'])}"
        case "map":
            return f"map of {_avro_type(schema['values'])}"
        case "enum":
            return "one of: " + ", ".join(schema["symbols"])
        case "record":
            return "record"
        case other:
            return _avro_type(other)
