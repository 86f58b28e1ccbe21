"""Short ids: accepted where they fit one thing only."""

import pytest

from gateway.cli.failures import Failure
from gateway.cli.ids import only, plan_id

IDS = ["3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a", "3f2b0000-5d4a-4e0b-9a57-1f0c2d3e4b5a"]


def test_a_start_that_fits_one_is_that_one() -> None:
    assert only("3f2b8", IDS, "plan") == IDS[0]


def test_a_start_that_fits_several_names_them() -> None:
    with pytest.raises(Failure, match="Several plans begin with 3f2b") as caught:
        only("3f2b", IDS, "plan")
    assert all(one in caught.value.detail for one in IDS)


def test_a_start_that_fits_none_says_where_to_look() -> None:
    with pytest.raises(Failure, match="There is no task ffff") as caught:
        only("ffff", IDS, "task")
    assert "marketplace tasks" in caught.value.detail


def test_a_whole_id_needs_no_question() -> None:
    assert plan_id(None, f" {IDS[0].upper()} ") == IDS[0]  # type: ignore[arg-type] # no client: none may be asked


@pytest.mark.parametrize("text", ["", "3f2", "relatório", "../../x", "3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a0"])
def test_what_is_no_id_is_refused_without_a_question(text: str) -> None:
    with pytest.raises(Failure, match="is not the id of a plan"):
        plan_id(None, text)  # type: ignore[arg-type] # no client: none may be asked
