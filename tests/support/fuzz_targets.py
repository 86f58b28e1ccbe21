"""What takes bytes from outside, each as a function of bytes that raises only where it is wrong.

A refusal that the code names for it is an answer. Anything else that is raised is a defect, and so is a law that does
not hold. `tests/corpus/<target>` has inputs that were once one, or that reach far: a test of the suite replays them.
"""

from __future__ import annotations

import io
import tempfile
import traceback
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from gateway.http.bodies import parse_json
from gateway.intake.document import contents
from gateway.intake.limits import Limits
from gateway.intake.refused import Refused
from gateway.problems.problem import Problem
from local.samples import write_samples
from projections.reads.paging import BadCursor, Key, Order
from projections.reads.rows import Where
from schemas import dead_letters
from schemas import headers as h
from schemas.belief import Belief, Mode, Unbelievable, UntilUnknown
from schemas.catalogue import newest
from schemas.process.telemetry import parse_traceparent
from schemas.registry import placements
from schemas.signing import parse
from schemas.topics import AGENTS, PLAN_EVENTS
from schemas.wire import LARGEST_ID, Codec, Undecodable
from streams.analysis.agents.answer import read_answer
from streams.analysis.agents.envelope import NotACompletion, read_envelope
from streams.analysis.agents.errors import AgentError
from streams.broker.records import Incoming
from streams.retries.arrival import arrive
from streams.retries.judge import judge
from streams.retries.ladder import Ladder, after_failure, postponed
from streams.retries.order import row_of
from tests.support.fuzzed_strangers import STRANGERS
from tests.support.histories import whole
from tests.support.old_workbooks import Sheets, ods, xls, xml_2003

#: By their names: what is kept stays what it was when another type is added.
IDS: Final = {placement: zlib.crc32("|".join(placement).encode()) & LARGEST_ID for placement in placements()}
CODEC: Final = Codec(IDS, {schema_id: (type_, newest(type_).raw) for (_, type_), schema_id in IDS.items()})
KEYS: Final = parse(f"one {'01' * 32}")
NOW_MS: Final = 1_773_147_845_000
_NAMES: Final = (h.TYPE, h.GROUP, h.ORIG_TOPIC, h.ORIG_PARTITION, h.ORIG_OFFSET, h.ATTEMPT, h.REPLAY, h.TRACEPARENT)
_ORDER: Final = Order("plans", (Key("a", "timestamptz"), Key("b", "integer"), Key("c", "uuid")))
#: Small enough that a mutated document is read in a moment.
LIMITS: Final = Limits()
#: What code in Rust raises where it gives up: no exception of Python's.
_PANIC: Final = "PanicException"
_INTAKE: Final = "gateway/intake/"


@dataclass(frozen=True)
class Target:
    """`check` takes bytes. `seeds` makes inputs that are as they should be."""

    check: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]] = field(default=lambda: [b""])


def _wire(data: bytes) -> None:
    """What is decoded is what would have been encoded."""
    with suppress(Undecodable):
        event = CODEC.decode(data)
        topic = next(topic for topic, type_ in IDS if type_ == event.type)
        assert CODEC.decode(CODEC.encode(topic, event)) == event


def _events() -> list[bytes]:
    made = whole(UUID(int=7))
    return [CODEC.encode(r.topic, r.event) for r in made if newest(r.event.type)]


def _record(data: bytes) -> None:
    """Read a record whose key, value and headers are all a stranger's."""
    parts = data.split(b"\xff\x00")
    carried: h.Headers = [
        (_NAMES[part[0] % len(_NAMES)] if part else "x", part[1:])
        for part in parts[2:]  # a byte chooses the name
    ]
    key, value = parts[0] or None, parts[1] if len(parts) > 1 else None
    record = Incoming(PLAN_EVENTS, 3, 9, NOW_MS, key, value, carried, lambda: None)
    arrival = arrive(AGENTS, record)
    judge(arrival, None)
    for sent in (
        postponed(arrival, now_ms=NOW_MS, ladder=Ladder()),
        after_failure(arrival, ValueError("x"), now_ms=NOW_MS, ladder=Ladder()),
    ):
        copy = row_of(sent.topic, sent.key, sent.value, sent.headers)
        assert copy.record_id == arrival.id or not copy.group
        assert h.from_json(h.to_json(sent.headers)) == [(n, v) for n, v in sent.headers]
        portable = h.portable(sent.key, sent.value, sent.headers)
        assert h.portable(*portable) == portable
    dead_letters.read(PLAN_EVENTS, 3, 9, carried)
    h.lane_of(carried)
    parse_traceparent(h.text(carried, h.TRACEPARENT))
    for mode in Mode:
        belief = Belief(KEYS, mode, {})
        with suppress(Undecodable, Unbelievable, UntilUnknown):
            belief.is_genuine(record)
            belief.check(record, CODEC.decode(value))


def _records() -> list[bytes]:
    values = _events()[:3]
    copy = b"\xff\x00".join([b"\x01agents", b"\x02plan.events", b"\x033", b"\x0417", b"\x052", b"\x061"])
    return [b"plan\xff\x00" + value + b"\xff\x00" + copy for value in values]


def _cursor(data: bytes) -> None:
    with suppress(BadCursor):
        _ORDER.start_after(data.decode("latin-1"), Where())


def _cursors() -> list[bytes]:
    row = {"cursor_keys": ["2026-03-01T10:00:00+00:00", "5", "0b6f2f0e-53c1-4e0c-9a64-7f5f7c1f2a10"]}
    return [_ORDER.cursor(row).encode()]


def _body(data: bytes) -> None:
    with suppress(Problem):
        parse_json(data)


def _answer(data: bytes) -> None:
    """Read what a provider sent, and then its text as an answer."""
    with suppress(NotACompletion, AgentError):
        completion = read_envelope(data)
        read_answer(completion.text, "shopee", finish_reason=completion.finish_reason)
    with suppress(AgentError):
        read_answer(data.decode("utf-8", "replace"), "shopee")


def _answers() -> list[bytes]:
    inner = (
        '{"summary": "ok", "opportunities": [{"id": "o1", "title": "Frete", "what": "Rever", "priority": "high",'
        ' "evidence": [{"metric": "revenue", "value": 1.5, "unit": "BRL", "text": "R$ 1,50", "skus": ["A"]}],'
        ' "worth_brl": 10}], "phases": [{"number": 1, "name": "Já", "weeks": 2, "tasks": [{"title": "Rever", "what":'
        ' "frete", "priority": "high", "opportunity_id": "o1"}], "investment": "0", "expected_impact": "sim"}],'
        ' "limits": []}'
    )
    quoted = inner.replace('"', '\\"')
    whole_answer = '{"choices": [{"message": {"content": "%s"}, "finish_reason": "stop"}], "model": "m"}' % quoted  # noqa: UP031
    return [inner.encode(), whole_answer.encode(), b"```json\n" + inner.encode() + b"\n```"]


def _keys(data: bytes) -> None:
    with suppress(ValueError):
        parse(data.decode("latin-1"))


def _document(suffix: str, made: Callable[[], list[bytes]] | None = None) -> Target:
    def check(data: bytes) -> None:
        with tempfile.NamedTemporaryFile(suffix=suffix) as file, suppress(Refused):
            file.write(data)
            file.flush()
            try:
                contents(Path(file.name), f"vendas{suffix}", ["shopee", "mercado_livre"], LIMITS)
            except Exception as error:
                if not _of_a_library(error):
                    raise
            except BaseException as error:
                if type(error).__name__ != _PANIC:  # the reading process tells such a document to be unreadable
                    raise

    def seeds() -> list[bytes]:
        with tempfile.TemporaryDirectory() as folder:
            write_samples(Path(folder), rows=12)
            return [path.read_bytes() for path in sorted(Path(folder).rglob(f"*{suffix}"))]

    return Target(check, made or seeds)


def _of_a_library(error: Exception) -> bool:
    """Say whether a reader's library gave up: the document is told to be unreadable then, which is right."""
    ours = [frame.filename for frame in traceback.extract_tb(error.__traceback__) if _INTAKE in frame.filename]
    return bool(ours) and f"{_INTAKE}readers/" in ours[-1] and not isinstance(error, AssertionError)


def _part(suffix: str, part: str, made: Callable[[], list[bytes]] | None) -> Target:
    """A document whose archive is whole, and one part in it is not: damage to the archive itself hides the part."""
    whole_one = _document(suffix, made)

    def packed(data: bytes, sample: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(sample)) as archive, zipfile.ZipFile(made, "w") as other:
            for name in archive.namelist():
                other.writestr(name, data if name == part else archive.read(name))
        return made.getvalue()

    def samples() -> list[bytes]:
        found = [sample for sample in whole_one.seeds() if part in zipfile.ZipFile(io.BytesIO(sample)).namelist()]
        assert found, part
        return found

    kept: list[bytes] = []

    def check(data: bytes) -> None:
        kept[:] = kept or samples()[:1]
        whole_one.check(packed(data, kept[0]))

    return Target(check, lambda: [zipfile.ZipFile(io.BytesIO(sample)).read(part) for sample in samples()])


_NAMES_OF_SALES: Final = ("Pedido", "Data da venda", "SKU", "Produto", "Qtde", "Valor Total", "Situação")
_SHEETS: Final[Sheets] = {
    "Vendas": [
        _NAMES_OF_SALES,
        *(
            (f"P{n}", datetime.fromisoformat(f"2026-03-{n + 1:02d}"), "S1", "Caneca", 2.0, 19.9 + n, "Entregue")
            for n in range(12)
        ),
    ]
}
#: Formats that no sample has.
_OTHERS: Final[Mapping[str, Callable[[], list[bytes]]]] = {
    ".xls": lambda: [xls(_SHEETS)],
    ".ods": lambda: [ods(_SHEETS)],
    ".xml": lambda: [xml_2003(_SHEETS)],
    ".txt": lambda: [b"Vendas\nReceita: R$ 1.234,50\nPedidos: 31\nData 01/03/2026\n"],
}
#: The library of workbooks can go on for ever in a damaged part, in code that only the end of its process stops: these
#: are tried where there is one (`tests.support.fuzz_watched`).
_PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "docx-text": (".docx", "word/document.xml"),
    "xlsx-sheet": (".xlsx", "xl/worksheets/sheet1.xml"),
    "xlsx-book": (".xlsx", "xl/workbook.xml"),
    "xlsx-styles": (".xlsx", "xl/styles.xml"),
    "ods-content": (".ods", "content.xml"),
}
_DOCUMENTS: Final[Mapping[str, Target]] = {
    **{suffix[1:]: _document(suffix) for suffix in (".csv", ".xlsx", ".html", ".md", ".docx", ".pdf")},
    **{suffix[1:]: _document(suffix, seeds) for suffix, seeds in _OTHERS.items()},
    **{name: _part(suffix, part, _OTHERS.get(suffix)) for name, (suffix, part) in _PARTS.items()},
}
#: The targets that read a document.
DOCUMENTS: Final = frozenset(_DOCUMENTS)
TARGETS: Final[Mapping[str, Target]] = {
    **{name: Target(check, seeds) for name, (check, seeds) in STRANGERS.items()},
    "wire": Target(_wire, _events),
    "record": Target(_record, _records),
    "cursor": Target(_cursor, _cursors),
    "body": Target(_body, lambda: [b'{"action": "approve", "reason": "\\u00e9"}', b"[[[1e400]]]"]),
    "answer": Target(_answer, _answers),
    "keys": Target(_keys, lambda: [f"one {'01' * 32}\n# two\nthree {'02' * 32}".encode()]),
    **_DOCUMENTS,
}
