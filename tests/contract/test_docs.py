"""README and docs name what is there: commands, options, files, headings, targets, variables, metrics, times."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from gateway.access.limits import DEFAULT_LIMITS
from gateway.cli.main import app
from gateway.operations.housekeeping import TABLES
from gateway.services.metrics import Metrics
from schemas.metrics import METRICS
from schemas.process.version import build
from schemas.retention import LEAST_LETTER_DAYS, LETTER_DAYS
from schemas.topics import AGENTS_DLQ, PLAN_EVENTS, PROJECTIONS_DLQ, SYSTEM_EVENTS, TASK_EVENTS, declared
from streams.watchdog.settings import DEFAULT as PATIENCE

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "streams", "projections", "gateway", "local", "deploy", "bench", "tests")
#: Decisions are history: they may name what has moved since.
DOCS = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted(p for p in (ROOT / "docs").rglob("*.md") if p.parent.name != "adr"),
]
COMMAND = typer.main.get_command(app)
DAY_MS = 86_400_000
everywhere = pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.relative_to(ROOT).as_posix())


def text_of(doc: Path) -> str:
    return doc.read_text("utf-8")


def anchors(doc: Path) -> set[str]:
    """Return the headings of a document as links name them."""
    headings = re.findall(r"^#+ (.+)$", text_of(doc), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(text: str) -> Iterator[str]:
    """Yield what is typed after `marketplace`, in blocks and in running text."""
    for line in text.splitlines():
        if found := re.match(r"\s*(?:\$ )?marketplace (.+)", line):
            yield found[1].split("  #")[0].split(" # ")[0]
        yield from re.findall(r"`marketplace ([^`]+)`", line)


@everywhere
def test_links_lead_somewhere(doc: Path) -> None:
    for path, _, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(#([^)\s]+))?\)", text_of(doc)):
        target = (doc.parent / path) if path else doc
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


@everywhere
def test_files_that_are_named_are_there(doc: Path) -> None:
    for path in re.findall(rf"`((?:{'|'.join(PACKAGES)})/[\w./-]+)`", text_of(doc)):
        assert (ROOT / path).exists(), path


@everywhere
def test_commands_and_their_options_exist(doc: Path) -> None:
    for typed in commands(text_of(doc)):
        found: Any = COMMAND
        for word in shlex.split(typed.replace("...", "")):
            if hasattr(found, "commands") and not word.startswith("-"):
                assert word in found.commands, typed
                found = found.commands[word]
            elif re.match(r"--?[a-z]", word):
                options = {name for option in found.params for name in (*option.opts, *option.secondary_opts)}
                assert word in options | {"--help"}, f"{typed}: {word}"


@everywhere
def test_targets_and_modules_exist(doc: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), flags=re.MULTILINE))
    said = re.findall(r"(?:^|`)make ([a-z-]+)", text_of(doc), flags=re.MULTILINE)
    assert set(said) <= targets
    modules = re.findall(r"python -m ([\w.]+\w)", text_of(doc))
    assert [name for name in modules if importlib.util.find_spec(name) is None] == []


def test_every_variable_is_documented_and_no_other() -> None:
    code = {v for p in PACKAGES[:6] for f in (ROOT / p).rglob("*.py") for v in _variables(f.read_text("utf-8"))}
    documented = set(
        re.findall(r"^\| `(MARKETPLACE_\w+)`", text_of(ROOT / "docs" / "configuration.md"), flags=re.MULTILINE)
    )
    assert code - documented == set()
    tests = {v for f in (ROOT / "tests").rglob("*.py") for v in _variables(f.read_text("utf-8"))}
    assert documented - code - tests == set()


def _variables(text: str) -> list[str]:
    return re.findall(r"MARKETPLACE_[A-Z0-9]+(?:_[A-Z0-9]+)*", text)


@pytest.mark.parametrize(
    ("variable", "default"),
    [
        ("MARKETPLACE_PHASE1_DUE", PATIENCE.phase1_due_s),
        ("MARKETPLACE_ESCALATE_AFTER", PATIENCE.escalate_s),
        ("MARKETPLACE_LAG_PATIENCE", PATIENCE.deaf_s),
    ],
)
def test_the_watchdogs_times_are_as_told(variable: str, default: float) -> None:
    assert f"| `{variable}` | `{default:g}` |" in text_of(ROOT / "docs" / "configuration.md")


def test_the_limits_are_as_told() -> None:
    told = text_of(ROOT / "docs" / "configuration.md")
    for name, limit in DEFAULT_LIMITS.items():
        assert f"`{name}={limit.rate:g}/{limit.burst:g}`" in told


@everywhere
def test_metrics_that_are_named_are_exposed(doc: Path) -> None:
    exposed = {
        name
        for family in Metrics().registry.collect()
        for name in (family.name, f"{family.name}_total" if family.type == "counter" else family.name)
    } | {metric.shown for metric in METRICS}
    for name in re.findall(r"`(marketplace_\w+)(?:\{\w+\})?`", text_of(doc)):
        assert name in exposed, name


def test_what_is_kept_for_ninety_days_is() -> None:
    kept = {name: declared()[name].retention_ms for name in (AGENTS_DLQ, PROJECTIONS_DLQ, SYSTEM_EVENTS)}
    assert set(kept.values()) == {90 * DAY_MS}
    assert {declared()[name].retention_ms for name in (PLAN_EVENTS, TASK_EVENTS)} == {-1}
    ninety = {kept.table for kept in TABLES if "'90 days'" in kept.old}
    assert ninety == {
        "decide.outbox_edit",
        "flow.replay_item",
        "flow.replay_job",
        "flow.alert",
        "flow.alert_message",
        "flow.job_attempt",
        "flow.log_cut",
    }
    of_read_models = {kept.table for kept in TABLES if kept.table.startswith("rm.")}
    assert of_read_models == {"rm.dead_letter"}, "docs/privacy.md says all others are kept for ever"
    # a letter that goes before its record would come back with a rebuild, and be asked about again
    assert max(kept.values()) < LEAST_LETTER_DAYS * DAY_MS


def test_letters_are_kept_for_as_long_as_is_said() -> None:
    assert set(LETTER_DAYS.values()) == {400}
    for doc in ("docs/runbooks/dead-letters.md", "docs/runbooks/pt-BR/dead-letters.md"):
        assert re.search(r"\b400 (?:days|dias)\b", text_of(ROOT / doc)), doc
    assert f"at least {LEAST_LETTER_DAYS}, for the log has its record" in text_of(ROOT / "docs/configuration.md")


#: An escalated plan asks for a person: whether anybody hears of it is up to the routes of alerts, none at first.
TOLD = re.compile(
    r"\b(?:person|people|somebody|operators?)\s+(?:is|are|was|were)\s+told\b|\bpessoa\s+(?:foi|é)\s+avisada\b"
)


@everywhere
def test_nobody_is_said_to_be_told(doc: Path) -> None:
    assert TOLD.findall(text_of(doc)) == []


def test_neither_metrics_nor_panels_say_so() -> None:
    panels = [path.read_text("utf-8") for path in (ROOT / "deploy" / "grafana").rglob("*.json")]
    assert [text for text in (*panels, *(metric.meaning for metric in METRICS)) if TOLD.search(text)] == []


@pytest.mark.parametrize("said", ["a person was told.", "Plans that a person\nis told of", "uma pessoa foi avisada"])
def test_who_is_said_to_be_told_is_seen(said: str) -> None:
    assert TOLD.search(said)


def test_the_changelog_has_the_version_and_room_for_the_next() -> None:
    sections = re.findall(r"^## (.+)$", text_of(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)
    assert sections[0] == "Unreleased"
    version, _, day = sections[1].partition(" - ")
    assert (version, bool(re.fullmatch(r"\d{4}-\d\d-\d\d", day))) == (build().version, True)
    first = re.findall(r"^### (.+)$", text_of(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)
    assert first[0] == "Contract"


def told_twice(text: str) -> list[tuple[str, str]]:
    """Return the entries of a version that say nearly the same: two thirds of their words are the same."""
    found = []
    for version in text.split("\n## "):
        entries = [" ".join(entry.split()) for entry in re.split(r"\n+- |\n\n", version)]
        words = [(entry, set(re.findall(r"\w+", entry))) for entry in entries if len(entry) > 50]
        for n, (entry, own) in enumerate(words):
            found += [(entry, other) for other, its in words[n + 1 :] if len(own & its) * 3 > len(own | its) * 2]
    return found


def test_no_version_tells_a_change_twice() -> None:
    assert told_twice(text_of(ROOT / "CHANGELOG.md")) == []


def test_a_change_that_is_told_twice_is_found() -> None:
    entry = "Drill `frozen-supervisor`. `rebalance-storm` takes an alert that was told to be over for one alert."
    other = entry.replace("Drill", "Drills `deaf-worker` and")
    assert told_twice(f"# Changelog\n\n## Unreleased\n\n- {entry}\n- {other}\n") == [(entry, other)]
    assert told_twice(f"# Changelog\n\n## Unreleased\n\n- {entry}\n\n## 0.2.0\n\n- {other}\n") == []


def test_versions_stand_once_the_newest_first() -> None:
    found = re.findall(r"^## (\d+)\.(\d+)\.(\d+) - (\S+)$", text_of(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)
    numbers = [tuple(map(int, one[:3])) for one in found]
    days = [one[3] for one in found]
    assert len(numbers) > 1
    assert numbers == sorted(set(numbers), reverse=True)
    assert days == sorted(days, reverse=True)


def test_a_command_that_does_not_exist_is_seen(tmp_path: Path) -> None:
    doc = tmp_path / "planted.md"
    doc.write_text(
        "`marketplace dance`, [there](nowhere.md), `gateway/nothing.py`\n    marketplace plans --loud\n", "utf-8"
    )
    for check in (
        test_links_lead_somewhere,
        test_files_that_are_named_are_there,
        test_commands_and_their_options_exist,
    ):
        with pytest.raises(AssertionError):
            check(doc)
