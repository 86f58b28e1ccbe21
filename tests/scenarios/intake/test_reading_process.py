"""The process that reads a document: what it may use up, who ends it, and what it knows."""

import asyncio
import contextlib
import os
import signal
import sys
import zlib
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import psutil
import pytest

from gateway.intake import Limits, Refused, read_document
from tests.scenarios.intake.test_hostile_documents import refusal, write
from tests.support.old_workbooks import packed_ods
from tests.support.patience import PATIENCE_S, until

pytestmark = pytest.mark.usefixtures("nothing_left_behind")


def content_stream_pdf(stream: bytes) -> bytes:
    """Build a PDF of one page around a packed content stream."""
    packed = zlib.compress(stream, 9)
    fonts = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources " + fonts + b" >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    body, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + b"xref\n0 5\n0000000000 65535 f \n%strailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )


async def test_a_pdf_that_hangs_is_stopped_in_time(tmp_path: Path) -> None:
    """Millions of operators in 60 KiB: pure Python reads them for minutes."""
    path = write(tmp_path, "slow.pdf", content_stream_pdf(b"BT /F1 12 Tf (a) Tj ET\n" * 3_000_000))
    refused = await refusal(path, limits=Limits(cpu_seconds=3))

    assert (refused.code, refused.status) == ("too-slow", 422)
    assert "3 seconds" in refused.detail


async def test_a_damaged_workbook_that_its_library_reads_for_ever_is_stopped_in_time(tmp_path: Path) -> None:
    """Its sheet has a beginning and no end: the library, whose code nothing else stops, waits for that end."""
    path = write(tmp_path, "cut.ods", packed_ods('<table:table table:name="Vendas">', is_cut=True))
    refused = await refusal(path, limits=Limits(cpu_seconds=2))

    assert (refused.code, refused.status, refused.cause) == ("too-slow", 422, "cpu")
    assert "2 seconds of work" in refused.detail


async def test_a_document_whose_turn_did_not_come_is_not_blamed(tmp_path: Path) -> None:
    """It used up the wall clock and little of its CPU time, as on a machine that others keep busy."""
    path = write(tmp_path, "slow.pdf", content_stream_pdf(b"BT /F1 12 Tf (a) Tj ET\n" * 3_000_000))
    refused = await refusal(path, limits=Limits(seconds=1))

    assert (refused.code, refused.status) == ("busy", 503)
    assert "not the file's fault" in refused.detail


async def test_a_document_that_eats_memory_is_stopped(tmp_path: Path) -> None:
    """With little memory it is read or stopped with one reason, wherever there is no more: what threads do is chance.

    An allocation fails, a thread cannot be made or crashes, or one is waited for that is no more.
    """
    row = b"2026-03-12;A;Camisa;1;10,00;" + b"x" * 60 + b"\n"
    path = write(tmp_path, "fat.csv", b"Data;SKU;Produto;Qtd;Valor Total;Obs\n" + row * 210_000)
    assert await outcome(path, 16) == "too-much-memory: 16 MiB"
    for mib in range(96, 140, 4):
        assert await outcome(path, mib) in {f"too-much-memory: {mib} MiB", "210000 rows"}
    assert await outcome(path, 900) == "210000 rows"


async def outcome(path: Path, mib: int) -> str:
    """Read a document with so much memory."""
    try:
        facts = await read_document(path, path.name, ["shopee"], limits=Limits(memory_bytes=mib * 1024 * 1024))
    except Refused as refused:
        told = f"{mib} MiB" if f"{mib} MiB" in refused.detail else refused.detail
        return f"{refused.code}: {told}"
    return f"{facts.tables[0].rows} rows"


async def test_a_reader_that_is_killed_is_a_refusal_to_try_again(tmp_path: Path) -> None:
    path = write(tmp_path, "slow.pdf", content_stream_pdf(b"BT /F1 12 Tf (a) Tj ET\n" * 3_000_000))
    reading = asyncio.create_task(refusal(path))
    os.kill(await child_of_this_process(), signal.SIGKILL)
    refused = await reading

    assert (refused.code, refused.status) == ("interrupted", 503)


async def test_a_crash_far_from_the_limits_is_not_blamed_on_the_memory(tmp_path: Path) -> None:
    path = write(tmp_path, "slow.pdf", content_stream_pdf(b"BT /F1 12 Tf (a) Tj ET\n" * 3_000_000))
    reading = asyncio.create_task(refusal(path))
    os.kill(await child_of_this_process(), signal.SIGSEGV)
    refused = await reading

    assert (refused.code, refused.cause) == ("unreadable", "exit -11")


async def test_a_reader_that_others_have_stopped_is_no_fault_of_the_document(tmp_path: Path) -> None:
    """The wall clock alone runs out: it is to be uploaded again, and the reader is gone."""
    path = write(tmp_path, "slow.pdf", content_stream_pdf(b"BT /F1 12 Tf (a) Tj ET\n" * 3_000_000))
    reading = asyncio.create_task(refusal(path, limits=Limits(seconds=5)))
    child = await child_of_this_process()
    os.kill(child, signal.SIGSTOP)
    refused = await reading

    assert (refused.code, refused.status) == ("busy", 503)
    assert not psutil.pid_exists(child)


async def test_a_cancelled_upload_ends_its_reader(tmp_path: Path) -> None:
    path = write(tmp_path, "slow.pdf", content_stream_pdf(b"BT /F1 12 Tf (a) Tj ET\n" * 3_000_000))
    reading = asyncio.create_task(read_document(path, path.name, ["shopee"]))
    child = await child_of_this_process()
    os.kill(child, signal.SIGSTOP)  # it would not end by itself any more
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    assert not psutil.pid_exists(child)


async def test_a_reader_dies_with_its_gateway(tmp_path: Path) -> None:
    """A gateway that is killed with SIGKILL leaves no reader behind."""
    path = write(tmp_path, "slow.pdf", content_stream_pdf(b"BT /F1 12 Tf (a) Tj ET\n" * 3_000_000))
    program = (
        "import asyncio, pathlib, sys; from gateway.intake import read_document;"
        "asyncio.run(read_document(pathlib.Path(sys.argv[1]), 'slow.pdf', ['shopee']))"
    )
    root = Path(__file__).parents[3]
    gateway = await asyncio.create_subprocess_exec(sys.executable, "-c", program, str(path), cwd=root)
    reader = psutil.Process(await child_of(psutil.Process(gateway.pid)))
    await confined(reader.pid)
    gateway.kill()
    await gateway.wait()

    # it is stopped by its CPU time after a minute at the earliest: whoever is gone sooner has died with its gateway
    gone, alive = await asyncio.to_thread(psutil.wait_procs, [reader], timeout=PATIENCE_S)
    assert (len(gone), alive) == (1, [])


async def confined(reader: int) -> None:
    """Wait until a reading process has confined itself."""
    while "NoNewPrivs:\t1" not in Path(f"/proc/{reader}/status").read_text("utf-8"):
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("namespace", ["net", "user"])
async def test_a_reader_gets_the_namespaces_that_the_kernel_grants(tmp_path: Path, namespace: str) -> None:
    """A user namespace, without which nobody but root has a network of his own, is refused to what has two threads."""
    tried = ["unshare", *(["--user"] if os.getuid() or namespace == "user" else []), "--net", "readlink"]
    granted = await asyncio.create_subprocess_exec(*tried, f"/proc/self/ns/{namespace}", stdout=PIPE, stderr=DEVNULL)
    told, _ = await granted.communicate()
    ours = str(Path(f"/proc/self/ns/{namespace}").readlink())
    path = write(tmp_path, "slow.pdf", content_stream_pdf(b"BT /F1 12 Tf (a) Tj ET\n" * 3_000_000))
    reading = asyncio.create_task(read_document(path, path.name, ["shopee"]))
    reader = await child_of_this_process()
    await confined(reader)
    its = str(Path(f"/proc/{reader}/ns/{namespace}").readlink())
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    assert (its != ours) is (told.decode().strip() not in {"", ours})


def readers(of: psutil.Process | None = None) -> list[int]:
    """Return the ids of the reading processes of a process, of this one by default."""
    found = []
    for nursery in (of or psutil.Process()).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended meanwhile
            if "gateway.intake.nursery" in nursery.cmdline():
                found += [child.pid for child in nursery.children() if child.status() != psutil.STATUS_ZOMBIE]
    return found


async def child_of_this_process() -> int:
    """Wait for the reading process and return its id."""
    return await child_of(psutil.Process())


async def child_of(process: psutil.Process) -> int:
    first: int = (await until(lambda: readers(process)))[0]
    return first


async def test_readers_wait_for_their_turn(tmp_path: Path) -> None:
    """Six documents at once, and never more than two processes."""
    paths = [write(tmp_path, f"{n}.csv", b"SKU;Produto;Qtd;Valor Total\nA;Camisa;1;10,00\n") for n in range(6)]
    readings = [asyncio.create_task(read_document(path, path.name, ["shopee"])) for path in paths]
    most = 0
    while not all(reading.done() for reading in readings):
        most = max(most, len(readers()))
        await asyncio.sleep(0.02)

    assert [len((await reading).channels) for reading in readings] == [1] * 6
    assert 1 <= most <= 2


async def test_a_reader_knows_no_secret_of_the_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("MARKETPLACE_DATABASE_URL", "postgresql://secret")
    path = write(tmp_path, "slow.pdf", content_stream_pdf(b"BT /F1 12 Tf (a) Tj ET\n" * 3_000_000))
    reading = asyncio.create_task(refusal(path, limits=Limits(seconds=2)))
    environment = psutil.Process(await child_of_this_process()).environ()
    await reading

    assert "PATH" in environment
    assert [name for name in environment if name.startswith(("OPENAI", "MARKETPLACE"))] == []
