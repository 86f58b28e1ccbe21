"""A copy of a record fits a broker, whatever its key, value and headers were."""

from __future__ import annotations

import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from hypothesis import example, given
from hypothesis import strategies as st

from schemas import headers as h
from streams.broker.records import Incoming
from streams.retries.arrival import arrive

#: What aiokafka and the brokers take.
TAKEN = 1_048_576
SIZES = st.sampled_from([0, 1, 36, 16_384, 16_385, 100_000, 947_900, 960_000, 1_048_576])
BYTES = st.none() | SIZES.map(lambda size: b"x" * size)
NAMES = st.builds(
    lambda start, letter, size: start + letter * size,
    st.sampled_from(["x-", "ce_", "foreign-"]),
    st.sampled_from(["a", "ç", "\N{PILE OF POO}"]),
    st.sampled_from([1, 5, 249, 10_000, 250_000]),
)
HEADERS = st.lists(st.tuples(NAMES, SIZES.map(lambda size: b"h" * size)), max_size=4)
#: How often all of them stand there: a great number of small ones is large, too.
TIMES = st.sampled_from([1, 20, 1000])
#: No broker hands out a larger record.
LARGEST = 16 * TAKEN


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # what is tried is large; so is how it is shown
@example(b"x" * 100_000, b"x" * 947_900, [], 1)
@example(None, b"", [("x-", b"")], 400_000)
@example(b"k", None, [("ce_id", b"h" * 1_048_576)], 1)
@example(b"k", b"v", [("ce_" + "a" * 1_000_000, b"")], 1)
@given(BYTES, BYTES, HEADERS, TIMES)
def test_a_copy_is_taken_whatever_it_is_a_copy_of(
    key: bytes | None, value: bytes | None, headers: h.Headers, times: int
) -> None:
    of_one = sum(4 * len(name) + len(header or b"") for name, header in headers)
    found = h.portable(key, value, headers * min(times, LARGEST // max(of_one, 1) + 1))

    estimated = DefaultRecordBatchBuilder.estimate_size_in_bytes(*found)
    assert estimated <= h.size_of(*found) <= TAKEN
    assert found[0] is not None or found[1] is not None
    assert h.portable(*found) == found


def test_what_is_left_out_is_said_and_where_the_original_is_stays() -> None:
    ours = [(h.ORIG_OFFSET, b"7"), (h.ERROR_CODE, b"damaged")]
    foreign = [(f"ce_{n}", b"f" * 2000) for n in range(60)]

    key, value, headers = h.portable(b"k" * 100_000, b"v" * 947_900, [*foreign, *ours])

    assert (key, value) == (b"k" * h.KEY_KEPT, b"")
    assert headers[:2] == ours
    assert headers[-2:] == [(h.KEY_OMITTED, b"100000 bytes"), (h.VALUE_OMITTED, b"947900 bytes")]


def test_what_fits_is_carried_as_it_is() -> None:
    carried = (b"k" * h.KEY_LIMIT, b"v" * 900_000, [("foreign", b"f")])

    assert h.portable(*carried) == carried


@given(st.text(min_size=1, max_size=5), st.binary(min_size=1, max_size=5))
def test_a_key_that_is_cut_names_the_same_record_to_those_that_wait(letters: str, noise: bytes) -> None:
    for piece in (letters.encode("utf-8", "replace"), noise):
        whole = piece * h.KEY_LIMIT + b"x"
        cut, _, _ = h.portable(whole, b"", [])

        assert cut is not None
        assert len(cut) == h.KEY_KEPT
        assert arrive("g", _record(cut)).key == arrive("g", _record(whole)).key


def _record(key: bytes) -> Incoming:
    return Incoming("t", 0, 0, 0, key, b"", [], lambda: None)


def test_a_nul_in_a_headers_name_is_replaced_where_no_database_stores_it() -> None:
    assert h.to_json([("a\0b", b"x"), ("c", b"y")]) == [["a\ufffdb", "x"], ["c", "y"]]


def test_text_is_storable_whatever_somebody_wrote() -> None:
    assert h.storable_text("a\0b\ud800c") == "a\ufffdb?c"


def test_a_copy_of_a_record_without_key_and_value_has_an_empty_value() -> None:
    """A broker takes no record that has neither."""
    assert h.portable(None, None, []) == (None, b"", [])
