"""A round of a job: what goes wrong in it is told with ids, its own or those of what was at work, and ends it alone."""

from __future__ import annotations

import asyncio
import sys

import pytest
import structlog

from schemas.process.log_context import of_record
from schemas.process.rounds import Round
from tests.support.log_lines import ids_of, log_lines, the_line
from tests.unit.schemas.process.test_log_context import PLAN, TRACE, record

log = structlog.get_logger("test")


def tell(error: Exception) -> None:
    log.warning("failed", error=str(error))


async def test_what_fails_before_anything_is_at_work_is_told_with_the_rounds_ids() -> None:
    with log_lines() as lines:
        with Round("relay", tell) as this:
            log.info("begun")
            raise OSError("no connection")
        log.info("later")
    begun, failed, later = lines
    assert (begun["job"], failed["job"], later.get("job")) == ("relay", "relay", None)
    assert failed["request_id"] == begun["request_id"]
    assert (failed["request_id"][:6], len(failed["trace_id"])) == ("relay-", 32)
    assert isinstance(this.error, OSError)


async def test_what_a_record_raises_is_told_with_the_records_ids() -> None:
    with log_lines() as lines, Round("relay", tell), of_record(record()):
        raise OSError("no answer")
    assert ids_of(the_line(lines, "failed")) == ("request-1", PLAN, TRACE)


async def test_an_error_of_another_kind_leaves_the_round_untold() -> None:
    with log_lines() as lines:
        with pytest.raises(ValueError, match="a mistake"), Round("relay", tell, OSError):
            raise ValueError("a mistake")
        with pytest.raises(asyncio.CancelledError), Round("relay", tell):
            raise asyncio.CancelledError
        log.info("later")
    assert [(line["event"], line.get("job")) for line in lines] == [("later", None)]


async def test_each_round_has_ids_of_its_own_and_a_good_one_no_error() -> None:
    with log_lines() as lines:
        for _ in range(2):
            with Round("relay", tell) as this:
                log.info("x")
            assert this.error is None
    assert lines[0]["request_id"] != lines[1]["request_id"]


async def test_a_traceback_is_that_of_the_error() -> None:
    told: list[BaseException | None] = []
    with Round("relay", lambda _: told.append(sys.exc_info()[1])):
        raise ValueError("a mistake")
    assert [str(error) for error in told] == ["a mistake"]


async def test_a_teller_that_fails_leaves_no_context_behind() -> None:
    def fails(_: Exception) -> None:
        raise KeyError("x")

    with log_lines() as lines:
        with pytest.raises(KeyError), Round("relay", fails):
            raise OSError
        log.info("later")
    assert ids_of(the_line(lines, "later")) == (None, None, None)
