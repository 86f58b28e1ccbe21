"""The command line as a whole, without a gateway: exit statuses, and stdout that a script can read."""

import json
import platform
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.main import app
from schemas.lifecycle import PlanAction
from schemas.process.version import build

COMMANDS = [
    ["plans"],
    ["show", "3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a"],
    ["history", "3f2b8c1e"],
    ["figures", "3f2b8c1e"],
    ["analyse", "3f2b8c1e", "--channel", "amazon"],
    ["approve", "3f2b8c1e"],
    ["approve", "--all-waiting", "--yes"],
    ["reject", "3f2b8c1e", "--reason", "no"],
    ["cancel", "3f2b8c1e"],
    ["tasks"],
    ["task", "3f2b8c1e"],
    ["task", "3f2b8c1e", "assign", "ana"],
    ["doctor"],
    ["breaker", "list"],
    ["breaker", "trip", "agent:x", "--for", "60"],
    ["breaker", "reset", "agent:x"],
    ["flags", "list"],
    ["flags", "off", "queue_processing", "--reason", "a migration"],
    ["recoveries"],
]


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("MARKETPLACE_DATA", str(tmp_path))
    monkeypatch.setenv("MARKETPLACE_URL", "http://127.0.0.1:1")  # nobody listens there
    monkeypatch.delenv("MARKETPLACE_API_KEY", raising=False)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_a_gateway_every_command_ends_with_3_and_says_how_to_start_it(run: Run, command: list[str]) -> None:
    done = run(*command)
    assert done.exit_code == 3
    assert done.stdout == ""
    assert "http://127.0.0.1:1 cannot be reached" in done.stderr
    assert "marketplace up" in done.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_with_json_the_failure_is_the_one_document_on_stdout(run: Run, command: list[str]) -> None:
    done = run(*command, "--json")
    assert done.exit_code == 3
    assert "cannot be reached" in json.loads(done.stdout)["title"]
    assert done.stderr == ""


@pytest.mark.parametrize(
    "command",
    [
        ["approve"],
        ["approve", "3f2b8c1e", "--all-waiting"],
        ["approve", "--all-waiting", "--phase1", "pyproject.toml"],
        ["approve", "3f2b8c1e", "4a4b8c1e", "--phase1", "pyproject.toml"],
        ["approve", "3f2b8c1e", "--phase1", "pyproject.toml", "--reason", "no JSON"],
        ["approve", "3f2b8c1e", "--phase1", "nowhere.json", "--reason", "no file"],
        ["reject", "3f2b8c1e"],
        ["reject", "--reason", "x"],
        ["upload", "nowhere.csv", "--channel", "shopee"],
        ["task", "3f2b8c1e", "fail"],
        ["task", "3f2b8c1e", "start", "now"],
        ["task", "3f2b8c1e", "dance"],
        ["plans", "--status", "lost"],
        ["plans", "--watch"],
        ["logs", "--follow", "--json"],
        ["nonsense"],
        ["breaker", "trip"],
        ["breaker", "trip", "agent:x", "--for", "0"],
        ["flags", "off", "gravity", "--reason", "x"],
        ["flags", "off", "queue_processing"],
        ["flags", "off", "queue_processing", "--reason", " "],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_before_anybody_is_asked(run: Run, command: list[str]) -> None:
    done = run(*command)
    assert done.exit_code == 2
    assert "cannot be reached" not in done.output
    assert "Traceback" not in done.output


def test_an_unknown_channel_names_those_there_are(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("sku;qtd\n")
    done = run("upload", str(file), "--channel", "shopee,lojinha")
    assert done.exit_code == 2
    assert "There is no channel lojinha" in done.stderr
    assert "mercado_livre" in done.stderr


def test_a_title_is_for_one_file(run: Run, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.csv", "b.csv")]
    for file in files:
        file.write_text("x")
    assert run("upload", *map(str, files), "-c", "shopee", "--title", "T").exit_code == 2


def test_the_address_is_printed_alone(run: Run) -> None:
    done = run("open")
    assert (done.exit_code, done.stdout) == (0, "http://127.0.0.1:1\n")


def test_the_version_is_told_in_two_ways_and_is_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETPLACE_COMMIT", "0123456789abcdef")
    document = json.loads(run("version", "--json").stdout)
    assert document == {"version": build().version, "commit": "0123456789ab", "python": platform.python_version()}
    assert run("--version").stdout == run("version").stdout
    assert run("--version").stdout == f"marketplace {build().version}+0123456789ab (Python {document['python']})\n"


def test_every_command_has_json_and_says_what_it_does(run: Run) -> None:
    names = [command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands]
    assert set(PlanAction) < set(names)
    assert len(names) > 20
    for name in names:
        said = run(name, "--help").stdout
        assert "--json" in said, name


@pytest.mark.parametrize(("group", "names"), [("breaker", ["list", "trip", "reset"]), ("flags", ["list", "on", "off"])])
def test_commands_of_a_group_have_json_too(run: Run, group: str, names: list[str]) -> None:
    for name in names:
        assert "--json" in run(group, name, "--help").stdout, name


def test_resetting_asks_a_person(run: Run) -> None:
    done = run("reset")
    assert done.exit_code == 2
    assert "--yes" in done.stderr


def test_a_wrong_value_is_told_without_the_words_of_the_checker(run: Run) -> None:
    done = run("plans", "--status", "x")
    assert done.exit_code == 2
    assert "'--status' / '-s': 'x' is not one of 'analyzing'" in done.stderr
    assert "Value error" not in done.stderr
