"""What is sent in another type than the API says is refused: who sends it means something else."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from gateway.shapes.alerts import Silence
from gateway.shapes.dead_letters import LetterQuery, LetterSelection, ReplayWanted
from gateway.shapes.keys import KeyRotate
from gateway.shapes.shape import Taken

NO_MOMENTS = [0, 0.5, "0", "99999999999", True, "2026-11-30", "2026-11-30T12:00:00", "tomorrow"]


@pytest.mark.parametrize("value", NO_MOMENTS)
@pytest.mark.parametrize(("shape", "given"), [(LetterSelection, {}), (LetterQuery, {}), (Silence, {"reason": "known"})])
def test_a_moment_is_written_out(shape: type[Taken], given: dict[str, Any], value: object) -> None:
    with pytest.raises(ValidationError, match="until"):
        shape.model_validate({"until": value, **given})


@pytest.mark.parametrize("value", ["2099-11-30T12:00:00Z", "2099-11-30T12:00:00.5-03:00", "2099-11-30 12:00:00+00:00"])
def test_a_moment(value: str) -> None:
    until = LetterSelection.model_validate({"until": value}).until
    assert until is not None
    assert until.utcoffset() is not None


@pytest.mark.parametrize(
    ("shape", "given"),
    [
        (KeyRotate, {"graceSeconds": False}),
        (KeyRotate, {"graceSeconds": "60"}),
        (ReplayWanted, {"rate": True, "recordIds": ["x"]}),
        (Silence, {"forSeconds": True, "reason": "known"}),
    ],
)
def test_a_number_is_a_number(shape: type[Taken], given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(given))):
        shape.model_validate(given)
