"""A small client of the schema registry's REST API (Confluent's, which Redpanda speaks).

Used when a process starts and when a record brings a schema id that nobody here has seen: never in a hot path,
so it is plain and blocking. Call it from a thread where a loop runs.
"""

from __future__ import annotations

import base64
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Final

from schemas import prefix
from schemas.catalogue import newest, versions
from schemas.events import record_name
from schemas.topics import declared
from schemas.wire import Codec

_MEDIA: Final = "application/vnd.schemaregistry.v1+json"
#: Where a path goes on with the name of a subject.
_OF_SUBJECTS: Final = ("subjects", "config", "mode")
TIMEOUT_S: Final = 5.0


class RegistryError(Exception):
    """The registry said no. `status` is the HTTP status, `code` Confluent's error code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"schema registry: {message} (HTTP {status}, error {code})")
        self.status = status
        self.code = code


class Registry:
    """The registry at `url`, which may name a user and a password. TLS is by the machine's authorities.

    Subjects are named here as inside this system; there they have its prefix.

    `date` is what its last answer said of its clock, None where it said nothing. Every method raises RegistryError, or
    OSError where it cannot be reached.
    """

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url.rstrip("/"))
        who, _, where = parts.netloc.rpartition("@")
        self._url = urllib.parse.urlunsplit(parts._replace(netloc=where))
        self.date: str | None = None
        self._login = {}
        if who:
            said = base64.b64encode(urllib.parse.unquote_to_bytes(who)).decode()
            self._login = {"Authorization": f"Basic {said}"}

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Send one request and return the decoded JSON. A subject in the path is named as inside this system."""
        request = urllib.request.Request(  # noqa: S310 - the URL is configuration, not input
            self._url + _outside(path),
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": _MEDIA, "Accept": _MEDIA, **self._login},
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - the address of the configuration
                self.date = answer.headers.get("Date")
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raw = error.read()
            try:
                said = json.loads(raw)
            except ValueError:
                said = {"error_code": error.code, "message": raw[:200].decode("utf-8", "replace")}
            if not isinstance(said, dict):
                said = {}
            raise RegistryError(error.code, said.get("error_code", 0), said.get("message", "")) from None
        except (http.client.HTTPException, ValueError) as error:  # it went away, or something else answers there
            raise ConnectionError(f"schema registry: half an answer, or none of its own: {error!r}") from error

    def register(self, subject: str, schema: dict[str, Any]) -> int:
        """Register a schema (again) and return its id."""
        return int(self.call("POST", f"/subjects/{subject}/versions", {"schema": json.dumps(schema)})["id"])

    def lookup(self, subject: str, schema: dict[str, Any]) -> int:
        """Return the id of a schema that is registered under a subject. RegistryError 404 where it is not."""
        return int(self.call("POST", f"/subjects/{subject}", {"schema": json.dumps(schema)})["id"])

    def schema(self, schema_id: int) -> dict[str, Any]:
        """Return a schema by id. Raises ValueError, too, where its text is not JSON."""
        answer = self.call("GET", f"/schemas/ids/{schema_id}")
        if not isinstance(answer, dict) or not isinstance(answer.get("schema"), str):
            raise ConnectionError(f"schema registry: no schema in the answer for id {schema_id}")
        parsed: dict[str, Any] = json.loads(answer["schema"])
        return parsed

    def subjects(self) -> list[str]:
        """Return the names of all subjects, those of other systems marked (schemas/prefix.py)."""
        return [prefix.inside(name) for name in self.call("GET", "/subjects")]

    def set_compatibility(self, subject: str, level: str) -> None:
        """Set the compatibility level of one subject."""
        self.call("PUT", f"/config/{subject}", {"compatibility": level})


def _outside(path: str) -> str:
    """Return the path with its subject's name as it is at the registry."""
    start, root, *rest = path.split("/")
    if root in _OF_SUBJECTS and rest:
        rest[0] = prefix.outside(rest[0])
    return "/".join((start, root, *rest))


def subject_of(topic: str, type_: str) -> str:
    """Return the subject of an event type on a topic (TopicRecordNameStrategy)."""
    return f"{topic}-{record_name(type_)}"


def placements() -> list[tuple[str, str]]:
    """Return every (topic, event type) that topics.toml declares."""
    return [(topic.name, type_) for topic in declared().values() for type_ in topic.events]


def load_codec(registry: Registry) -> Codec:
    """Return a codec that knows the id of every schema of ours, old versions too.

    Schemas are registered when the system is provisioned, never here: a missing one raises RegistryError 404.
    """
    ids: dict[tuple[str, str], int] = {}
    writers: dict[int, tuple[str, dict[str, Any]]] = {}
    known = set(registry.subjects())
    for topic, type_ in placements():
        subject = subject_of(topic, type_)
        if subject not in known:
            raise RegistryError(404, 40401, f"subject {subject} is not registered: run `provision apply`")
        ids[topic, type_] = schema_id = registry.lookup(subject, newest(type_).raw)
        writers[schema_id] = (type_, newest(type_).raw)
        for version in versions()[type_][:-1]:
            writers[registry.lookup(subject, version.raw)] = (type_, version.raw)
    return Codec(ids, writers)


def wait_for_codec(url: str, *, within_s: float = 60.0) -> Codec:
    """Like `load_codec`, waiting for a registry that is still starting or not provisioned yet."""
    registry = Registry(url)
    deadline = time.monotonic() + within_s
    while True:
        try:
            return load_codec(registry)
        except (OSError, RegistryError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
