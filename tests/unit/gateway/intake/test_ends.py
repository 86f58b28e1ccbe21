"""How a reading process ended decides what the uploader is told."""

from __future__ import annotations

import signal

import pytest

from gateway.intake.limits import MIB, Limits
from gateway.intake.reader import UNSEEN_BYTES, _judge
from gateway.intake.refused import Refused

LIMIT = 100 * MIB
CRASHES = [-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT, -signal.SIGILL, -signal.SIGTRAP]


def end(code: int, errors: bytes = b"", peak_bytes: int = 0) -> str:
    with pytest.raises(Refused) as refused:
        _judge(code, b"", errors, Limits(memory_bytes=LIMIT), peak_bytes)
    return refused.value.code


@pytest.mark.parametrize("code", CRASHES)
def test_a_crash_is_blamed_on_the_memory_where_nearly_all_of_it_was_taken(code: int) -> None:
    nearly = (LIMIT - UNSEEN_BYTES) * 8 // 10
    assert end(code, peak_bytes=nearly + MIB) == "too-much-memory"
    assert end(code, peak_bytes=nearly - MIB) == "unreadable"
    assert end(code, b"Segmentation fault") == "unreadable"


@pytest.mark.parametrize(("mib", "peak_mib"), [(98, 31), (100, 32), (104, 54), (110, 55)])
def test_a_crash_under_a_small_limit_is_the_memorys(mib: int, peak_mib: int) -> None:
    """Measured of readers that ended for want of memory: most of what counts is not seen in their own pages."""
    with pytest.raises(Refused) as refused:
        _judge(-signal.SIGSEGV, b"", b"", Limits(memory_bytes=mib * MIB), peak_mib * MIB)
    assert refused.value.code == "too-much-memory"


@pytest.mark.parametrize("code", [*CRASHES, 1, 127])
@pytest.mark.parametrize(
    "errors",
    [
        b"memory allocation of 1520 bytes failed",
        b"<jemalloc>: Failed to allocate tcache data",
        b"<jemalloc>: Error setting tsd.",
        b"mmap failed to allocate stack: ",
        b"failed to spawn thread: Os { code: 11, kind: WouldBlock }",
        b"MemoryError",
        b"terminate called after throwing an instance of 'std::bad_alloc'",
        b"cannot allocate memory for thread-local data: ABORT",
        b"Cannot allocate memory",
    ],
)
def test_a_library_that_got_no_memory_says_so(code: int, errors: bytes) -> None:
    assert end(code, b"thread 'polars-0' panicked\n" + errors) == "too-much-memory"


def test_an_end_without_a_crash_is_not_blamed_on_the_memory() -> None:
    assert end(-signal.SIGKILL, peak_bytes=LIMIT) == "interrupted"
    assert end(-signal.SIGXCPU, peak_bytes=LIMIT) == "too-slow"
    assert end(1, peak_bytes=LIMIT) == "unreadable"
