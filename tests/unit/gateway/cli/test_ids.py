"""Short ids: accepted where they fit one thing only."""

import pytest

from gateway.cli.failures import Failure
from gateway.cli.ids import DELIVERY, PLAN, TASK, Kind, delivery_id, only, plan_id

IDS = ["3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a", "3f2b0000-5d4a-4e0b-9a57-1f0c2d3e4b5a"]


def test_a_start_that_fits_one_is_that_one() -> None:
    assert only("3f2b8", IDS, PLAN) == IDS[0]


@pytest.mark.parametrize(("kind", "several"), [(PLAN, "plans"), (DELIVERY, "deliveries")])
def test_a_start_that_fits_several_names_them(kind: Kind, several: str) -> None:
    with pytest.raises(Failure, match=f"Several {several} begin with 3f2b") as caught:
        only("3f2b", IDS, kind)
    assert all(one in caught.value.detail for one in IDS)


@pytest.mark.parametrize(
    ("kind", "said", "command"),
    [
        (PLAN, "There is no plan ffff$", "marketplace plans"),
        (TASK, "There is no task ffff among the newest 2000", "marketplace tasks"),
        (DELIVERY, "There is no delivery ffff among the newest 1000", "marketplace webhooks log NAME"),
    ],
)
def test_a_start_that_fits_none_says_where_to_look(kind: Kind, said: str, command: str) -> None:
    with pytest.raises(Failure, match=said) as caught:
        only("ffff", IDS, kind)
    assert caught.value.detail == f"See what there is: {command}"


def test_a_whole_id_needs_no_question() -> None:
    assert plan_id(None, f" {IDS[0].upper()} ") == IDS[0]  # type: ignore[arg-type] # no client: none may be asked


@pytest.mark.parametrize("text", ["", "3f2", "relatório", "../../x", "3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a0"])
def test_what_is_no_id_is_refused_without_a_question(text: str) -> None:
    with pytest.raises(Failure, match="is not the id of a plan"):
        plan_id(None, text)  # type: ignore[arg-type] # no client: none may be asked


def test_an_id_of_a_delivery_is_checked_as_every_other_is() -> None:
    assert delivery_id(None, "/api/webhooks/w", f"{IDS[0]}…") == IDS[0]  # type: ignore[arg-type] # no client: none may be asked
    with pytest.raises(Failure, match="'3f2' is not the id of a delivery"):
        delivery_id(None, "/api/webhooks/w", "3f2")  # type: ignore[arg-type] # no client: none may be asked
