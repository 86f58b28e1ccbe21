"""A multipart form with one file, read as it arrives: the file goes to disk, nothing is kept in memory.

Refused as soon as it is plain that it must be: a file that grows too large is not read to its end.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from gateway.access.upload_bytes import LIMIT, Share
from gateway.http.bodies import announced, check_length, media_type, piece_in_turn, too_large
from gateway.problems.problem import Problem, Silent, invalid
from gateway.uploads.upload_folder import upload_folder

#: Fields besides the file, and the size of each.
MAX_FIELDS: Final = 50
MAX_FIELD_BYTES: Final = 8 * 1024
#: A mapping names every column of a table, and a table has 500 at most.
MAX_MAPPING_BYTES: Final = 64 * 1024
#: What the form's other fields and its boundaries may take.
OVERHEAD_BYTES: Final = 256 * 1024
#: As how many uploads one counts that has no room beside others that are under way.
REFUSED_COUNTS: Final = 5
_NAME_LIMIT: Final = 120
_LEADING: Final = re.compile(r"^[\s.]+")


@dataclass(slots=True)
class Form:
    """The form as far as it has arrived. `path` is the file's, gone with the context that gave the form."""

    path: Path
    filename: str = ""
    size: int = 0
    sha256: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    has_file: bool = False

    def one(self, name: str, default: str = "") -> str:
        """Return a field that is given once at most. Raises Problem 422."""
        values = self.fields.get(name, [])
        if len(values) > 1:
            raise invalid((name, "is given more than once"))
        return values[0] if values else default


@asynccontextmanager
async def received(
    request: Request,
    limit: int,
    within: float,
    before_file: Callable[[Form], None],
    max_parts: int = MAX_FIELDS,
) -> AsyncIterator[Form]:
    """Read the form, its file (part `file`) of at most `limit` bytes. Raises Problem and Silent.

    `before_file` is called when a file begins, with the fields that came before it; it may refuse.
    """
    if media_type(request) != "multipart/form-data":
        raise Problem("unsupported-media-type", "Send the document as multipart/form-data, in a part named 'file'.")
    boundary = parse_options_header(request.headers.get("content-type"))[1].get(b"boundary")
    if not boundary:
        raise Problem("bad-request", "The Content-Type names no boundary.")
    check_length(request, limit, OVERHEAD_BYTES)
    budget = request.state.services.uploads
    with budget.share(request.state.principal.caller) as share, upload_folder() as folder:
        form = Form(folder / "document")
        request.state.unread = True  # until all of it was taken
        try:
            share.announce(announced(request))
            with form.path.open("wb") as file:
                await _read(request, _Reader(form, file, limit, boundary, before_file, max_parts), share, within)
        except FormParserError as error:
            raise Problem("bad-request", f"The form is malformed: {str(error)[:200]}") from None
        except Problem as problem:
            if problem.extra.get("limit") == LIMIT:
                await _hold_back(request)
            raise
        yield form


async def _hold_back(request: Request) -> None:
    """Count an upload that has no room, and hold its refusal back where its caller goes on: its body costs time."""
    grant = request.state.services.limiter.take("uploads", request.state.principal.caller, REFUSED_COUNTS)
    await asyncio.sleep(grant.pause)


async def _read(request: Request, reader: _Reader, share: Share, within: float) -> None:
    try:
        async with asyncio.timeout(within):
            more = True
            while more:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise Silent
                more = message.get("more_body", False)
                request.state.unread = more
                body = message.get("body", b"")
                share.grow(len(body))
                async with piece_in_turn(len(body)):
                    reader.feed(body)
    except TimeoutError:
        raise Problem("request-timeout", f"The upload was not complete after {within:g} s.") from None
    reader.finish()


class _Reader:
    """The parser's callbacks: they sort bytes into fields and the file."""

    def __init__(
        self,
        form: Form,
        file: BinaryIO,
        limit: int,
        boundary: bytes,
        before_file: Callable[[Form], None],
        max_parts: int,
    ) -> None:
        self._max_parts = max_parts
        self._form = form
        self._file = file
        self._limit = limit
        self._before_file = before_file
        self._digest = hashlib.sha256()
        self._headers: dict[bytes, bytes] = {}
        self._header = (bytearray(), bytearray())
        self._name = ""
        self._in_file = False
        self._value = bytearray()
        self._count = 0
        self._ended = False
        callbacks: Any = {
            "on_part_begin": self._part_begins,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._part_data,
            "on_part_end": self._part_ends,
            "on_end": self._form_ends,
        }
        self._parser = MultipartParser(boundary, callbacks)

    def feed(self, data: bytes) -> None:
        if data:
            self._parser.write(data)

    def finish(self) -> None:
        if not self._ended:
            raise Problem("bad-request", "The form ends in the middle: its closing boundary is missing.")
        self._form.sha256 = self._digest.hexdigest()

    def _part_begins(self) -> None:
        self._headers.clear()
        self._value.clear()
        self._count += 1
        if self._count > self._max_parts:
            raise Problem("bad-request", f"The form has more than {self._max_parts} parts.")

    def _header_ends(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        name.clear()
        value.clear()

    def _headers_end(self) -> None:
        kind, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        filename = options.get(b"filename")
        if kind != b"form-data" or not self._name:
            raise Problem("bad-request", "A part of the form has no name.")
        self._in_file = filename is not None
        if filename is None:
            if self._name == "file":
                raise invalid(("file", "must be sent as a file, with a file name"))
            return
        if self._name != "file":
            raise invalid((self._name[:60], "is a file; the document goes into the part 'file'"))
        if self._form.has_file:
            raise invalid(("file", "is given more than once: upload one document at a time"))
        self._form.has_file = True
        self._form.filename = safe_filename(filename.decode("utf-8", "replace"))
        self._before_file(self._form)

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        chunk = data[start:end]
        if not self._in_file:
            self._value += chunk
            longest = MAX_MAPPING_BYTES if self._name == "mapping" else MAX_FIELD_BYTES
            if len(self._value) > longest:
                raise invalid((self._name[:60], f"is longer than {longest // 1024} KiB"))
            return
        self._form.size += len(chunk)
        if self._form.size > self._limit:
            raise too_large(self._limit)
        self._digest.update(chunk)
        self._file.write(chunk)

    def _part_ends(self) -> None:
        if self._in_file:
            return
        try:
            text = self._value.decode("utf-8")
        except UnicodeDecodeError:
            raise invalid((self._name[:60], "is not UTF-8")) from None
        self._form.fields.setdefault(self._name, []).append(text)

    def _form_ends(self) -> None:
        self._ended = True


def safe_filename(given: str) -> str:
    """Return a file name for people: no folder, no control or direction characters, not too long, never empty."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    # Cc control, Cf format (turns the direction of text), Cs surrogates, Co private
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    name = _LEADING.sub("", name).rstrip()
    if len(name) > _NAME_LIMIT:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if 0 < len(ending) <= 10 else ""
        name = ((stem or name)[: _NAME_LIMIT - len(ending)] + ending).rstrip()
    return name or "document"
