"""What several channels have in common is done once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.analysis.merge import Analyzed, merge
from streams.analysis.rules.formats import listing
from streams.analysis.same_finding import as_one
from tests.support.events import PLAN, event

NAMES = {"mercado_livre": "Mercado Livre", "shopee": "Shopee", "amazon": "Amazon"}


def channel(
    name: str, *rules: tuple[str, float | None], what: str = "Faça.", source: str = "rules", priority: str = "normal"
) -> Any:
    """Return a channel's analysis with an opportunity and a task of Phase 1 for each rule."""
    opportunities: list[Any] = [
        {
            "id": f"{name}-{rule}",
            "channel": name,
            "title": rule,
            "what": "",
            "priority": priority,
            "evidence": [],
            "worth_brl": worth,
        }
        for rule, worth in rules
    ]
    tasks = [
        {"title": f"Repor {rule}", "what": what, "channel": name, "priority": priority, "opportunity_id": o["id"]}
        for (rule, _), o in zip(rules, opportunities, strict=True)
    ]
    phase = {"number": 1, "name": "Fase 1", "weeks": "1-4", "tasks": tasks, "investment": "", "expected_impact": name}
    return {"channel": name, "source": source, "opportunities": opportunities, "phases": [phase] if tasks else []}


def plan(*channels: Any) -> Any:
    results: list[Any] = [{"type": "plan.channel.analyzed", "data": one} for one in channels]
    merged = merge(PLAN, results)
    event("plan.analyzed", merged, version=2)
    return merged


def test_one_task_names_the_channels_and_serves_the_most_valuable() -> None:
    merged = plan(
        channel("mercado_livre", ("fees", 10.0)), channel("shopee", ("fees", 30.0)), channel("amazon", ("other", 5.0))
    )
    first, second = merged["phases"][0]["tasks"]

    assert first["title"] == "Repor fees (Shopee e Mercado Livre)"
    assert (first["what"], first["channel"]) == ("Faça. Vale para Shopee e Mercado Livre.", "shopee")
    assert (first["opportunity_id"], first["also_serves"]) == ("shopee-fees", ["mercado_livre-fees"])
    assert second["title"] == "Repor other"
    assert "also_serves" not in second
    assert [o["id"] for o in merged["opportunities"]] == ["shopee-fees", "mercado_livre-fees", "amazon-other"]


def test_the_worth_of_the_phase_counts_each_channel_once() -> None:
    merged = plan(channel("mercado_livre", ("fees", 10.0)), channel("shopee", ("fees", 30.5)))

    assert merged["phases"][0]["expected_impact"].startswith("Até R$ 40,50 por mês")


def test_an_agents_words_on_what_it_brings_stay() -> None:
    merged = plan(channel("mercado_livre", ("fees", 10.0), source="agent"), channel("shopee", ("fees", 30.0)))

    assert merged["phases"][0]["expected_impact"] == "mercado_livre; shopee"


def test_texts_that_differ_are_told_for_each_channel() -> None:
    one, two = channel("shopee", ("fees", 3.0), what="Meta: 2%."), channel("amazon", ("fees", 1.0), what="Meta: 3%.")

    assert plan(one, two)["phases"][0]["tasks"][0]["what"] == "Shopee: Meta: 2%.\nAmazon: Meta: 3%."


def test_the_task_is_as_urgent_as_on_the_channel_where_it_is_most() -> None:
    one, two = channel("shopee", ("fees", 3.0), priority="low"), channel("amazon", ("fees", 1.0), priority="high")

    assert plan(one, two)["phases"][0]["tasks"][0]["priority"] == "high"


def test_a_title_alone_is_not_the_same_finding() -> None:
    """The same words of two rules, of no opportunity, or twice on one channel are tasks of their own."""
    one, two = channel("shopee", ("fees", 3.0)), channel("amazon", ("losses", 1.0))
    two["phases"][0]["tasks"][0]["title"] = "Repor fees"
    assert len(plan(one, two)["phases"][0]["tasks"]) == 2

    two = channel("amazon", ("fees", 1.0))
    two["phases"][0]["tasks"][0]["opportunity_id"] = None
    assert len(plan(one, two)["phases"][0]["tasks"]) == 2

    one["phases"][0]["tasks"] *= 2
    assert len(plan(one)["phases"][0]["tasks"]) == 2


def test_a_long_title_leaves_the_channels_to_the_text() -> None:
    one, two = channel("shopee", ("x" * 190, 3.0)), channel("amazon", ("x" * 190, 1.0))
    (task,) = plan(one, two)["phases"][0]["tasks"]

    assert task["title"] == "Repor " + "x" * 190
    assert task["what"].endswith("Vale para Shopee e Amazon.")


def test_the_channels_own_results_stay_as_they_were() -> None:
    one, two = channel("shopee", ("fees", 3.0)), channel("amazon", ("fees", 1.0))
    phases = [one["phases"][0] | {"tasks": [*one["phases"][0]["tasks"], *two["phases"][0]["tasks"]]}]

    assert len(as_one(phases, [one, two])[0]["tasks"]) == 1
    assert len(phases[0]["tasks"]) == 2
    assert phases[0]["tasks"][0]["title"] == "Repor fees"


def of_products(name: str, *skus: str, id_: str = "returns", metric: str = "product_return_rate", **more: Any) -> Any:
    """Return a channel's analysis with a finding that names products."""
    found = channel(name, (id_, 10.0), what="Veja fotos e medidas.", **more)
    found["opportunities"][0]["evidence"] = [
        {"metric": metric, "value": 0.2, "unit": "ratio", "text": "t", "skus": [sku]} for sku in skus
    ]
    found["phases"][0]["tasks"][0]["title"] = f"Corrigir o anúncio de {listing(list(skus))}"
    return found


def test_a_finding_whose_products_differ_in_part_is_one_task_that_tells_which_are_where() -> None:
    (task,) = plan(of_products("shopee", "A-1", "B-2"), of_products("amazon", "a-1"))["phases"][0]["tasks"]

    assert task["title"] == "Corrigir o anúncio de A-1 e B-2 (Shopee e Amazon)"
    assert task["what"] == "Veja fotos e medidas. Vale para Shopee e Amazon. Shopee: A-1 e B-2; Amazon: a-1."
    assert (task["opportunity_id"], task["also_serves"]) == ("shopee-returns", ["amazon-returns"])


def test_long_lists_are_told_apart_from_the_rest_of_the_title() -> None:
    many = of_products("shopee", *(f"S{n}" for n in range(5)))
    (task,) = plan(many, of_products("amazon", "S4", "T"))["phases"][0]["tasks"]

    assert task["title"] == "Corrigir o anúncio de S0, S1, S2 e mais 3 (Shopee e Amazon)"


def test_other_products_are_another_finding() -> None:
    assert len(plan(of_products("shopee", "A-1"), of_products("amazon", "C-3"))["phases"][0]["tasks"]) == 2


@pytest.mark.parametrize(
    ("metric", "sku", "tasks"),
    [("product_return_rate", "A-1", 1), ("product_losses", "A-1", 2), ("product_return_rate", "C-3", 2)],
)
def test_what_agents_found_is_joined_by_figure_and_products_not_by_the_number(
    metric: str, sku: str, tasks: int
) -> None:
    one = of_products("shopee", "A-1", id_="1", source="agent")
    two = of_products("amazon", sku, id_="7", source="agent", metric=metric)

    assert len(plan(one, two)["phases"][0]["tasks"]) == tasks


def test_an_agents_finding_without_a_figure_is_like_no_other() -> None:
    one, two = (channel(name, ("1", 3.0), source="agent") for name in ("shopee", "amazon"))

    assert len(plan(one, two)["phases"][0]["tasks"]) == 2


rules = st.lists(
    st.tuples(st.sampled_from(["fees", "losses", "returns"]), st.none() | st.floats(0, 1e6)),
    max_size=3,
    unique_by=lambda rule: rule[0],
)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.sampled_from(sorted(NAMES)), rules, min_size=1))
def test_every_finding_has_its_one_task_and_no_worth_is_lost(found: dict[str, list[tuple[str, float | None]]]) -> None:
    results: list[Analyzed] = [
        {"type": "plan.channel.analyzed", "data": channel(name, *of_channel)} for name, of_channel in found.items()
    ]
    merged = merge(PLAN, list(results))
    tasks = [task for phase in merged["phases"] for task in phase["tasks"]]
    slugs = {rule for of_channel in found.values() for rule, _ in of_channel}

    assert len(merged["opportunities"]) == sum(map(len, found.values()))
    assert {task["opportunity_id"].split("-")[1] for task in tasks if task["opportunity_id"]} == slugs
    assert len(tasks) == len(slugs)
    for task in tasks:
        slug = str(task["opportunity_id"]).split("-")[1]
        on = [name for name, of_channel in found.items() if slug in {rule for rule, _ in of_channel}]
        assert len(on) == 1 or all(NAMES[name] in task["title"] for name in on)
