"""The name of a consumer group stands in schemas/topics.toml and its constants: nobody else spells it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.topics import groups

ROOT = Path(__file__).parents[2]
PLACES = ("schemas", "streams", "projections", "gateway", "local", "bench", "deploy", "docker-compose.yml")
KINDS = {".py", ".sql", ".toml", ".yml", ".yaml", ".html", ".js", ".sh", ".json"}
AT_HOME = {"schemas/topics.toml", "schemas/topics.py"}
#: file -> the test that compares it with those two. Helm's values are data, which no code fills in.
COMPARED = {
    "deploy/helm/values.yaml": "tests/contract/test_chart.py::test_more_come_by_the_lag_of_the_group_that_they_are_in"
}
#: Also the name of a role, a package, a handler or a deadline: a group's only where something calls it one.
DOUBLE = {"analysis", "projections"}
ALONE = "|".join(sorted(set(groups()) - DOUBLE))
ANY = "|".join(sorted(groups()))
SPELT = re.compile(
    rf"""["'](?:{ALONE})["']"""  # whatever it is for
    rf"""|\b\w*(?:group|grp)\w*["']?\s*\]?\s*(?:=|==|!=|<>|:|,|\bin)\s*[\[({{]?\s*["'](?:{ANY})["']"""
    rf"""|\bcase\s+\w*(?:group|grp)\w*(?:\s+when\s+'[^']*'\s+then\s+[^;]*?)*?\s+when\s+'(?:{ANY})'"""
    rf"""|\(\s*["'](?:{ANY})["'],\s*(?:\*|topic\b|place\b)"""  # a place: (group, topic, partition)
    rf"""|f["'](?:{ANY})-\{{""",
    re.IGNORECASE,
)
#: YAML needs no quotes.
BARE = re.compile(rf"^[^#\n]*\b\w*(?:group|grp)\w*:\s*(?:{ANY})\b(?!:)", re.MULTILINE | re.IGNORECASE)


def spelt(text: str, kind: str = ".py") -> list[str]:
    bare = BARE.finditer(text) if kind in {".yml", ".yaml"} else ()
    return [match.group(0) for match in (*SPELT.finditer(text), *bare)]


def sources() -> Iterator[Path]:
    for place in PLACES:
        path = ROOT / place
        yield from [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in KINDS)


def test_nobody_else_spells_a_group() -> None:
    found = {
        str(path.relative_to(ROOT)): names
        for path in sources()
        if str(path.relative_to(ROOT)) not in AT_HOME and (names := spelt(path.read_text("utf-8"), path.suffix))
    }

    assert found.keys() == COMPARED.keys()


@pytest.mark.parametrize(
    "planted",
    [
        'GROUP: Final = "agents"',
        'publisher = Publisher(brokers, "retry-pump")',
        'AIOKafkaConsumer(group_id="analysis")',
        'group_id=f"projections-{schema}"',
        '{telemetry.GROUP: "projections"}',
        '("analysis", topic, partition)',
        "where k.grp = 'analysis' and k.key = $1",
        "if d.grp <> 'projections' then",
        "if p_group in ('analysis') then",
        "case p_group when 'x' then true when 'projections' then false end",
        'test: ["CMD", "python", "deploy/healthy.py", "group", "analysis"]',
    ],
)
def test_a_planted_copy_is_found(planted: str) -> None:
    assert spelt(planted)


@pytest.mark.parametrize(
    "planted",
    [
        "    worker: { group: agents, topics: [plan.events] }",
        "      group: projections-rm",
        "consumerGroup: analysis",
    ],
)
def test_a_name_without_quotes_is_found_in_yaml(planted: str) -> None:
    assert spelt(planted, ".yaml")
    assert not spelt(planted, ".html")


@pytest.mark.parametrize("place", COMPARED.values())
def test_what_compares_a_copy_is_there(place: str) -> None:
    file, _, name = place.partition("::")
    assert re.search(rf"\bdef {name}\(", (ROOT / file).read_text("utf-8"))


@pytest.mark.parametrize(
    "other",
    [
        'HANDLER: Final = "analysis"',
        'Module("projections", "projections")',
        "where d.kind = 'analysis'",
        'consumers = ["streams", "projections"]',
        'test: ["CMD", "python", "deploy/healthy.py", "group", "worker"]',
    ],
)
def test_what_only_has_the_same_name_is_left_alone(other: str) -> None:
    assert not spelt(other)
