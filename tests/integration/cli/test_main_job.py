"""From a file to finished tasks with nothing but the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from local.samples import Sample, write_samples
from schemas.process.version import build
from schemas.topics import PLAN_EVENTS, declared
from tests.integration.cli.conftest import Marketplace
from tests.support.module import Done
from tests.support.patience import eventually


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    return write_samples(tmp_path_factory.mktemp("samples"), rows=300)


@pytest.fixture(scope="module")
def shopee(samples: list[Sample]) -> Path:
    return next(sample.path for sample in samples if sample.channels == ["shopee"])


@pytest.fixture(scope="module")
def uploaded(marketplace: Marketplace, shopee: Path) -> dict[str, Any]:
    """The result of an upload whose plan awaits approval."""
    upload = ("upload", str(shopee), "--channel", "shopee", "--priority", "high", "--wait", "--json")
    done = marketplace.alone(*upload)  # as whoever types it
    assert (done.returncode, done.stderr) == (0, "")
    results = json.loads(done.stdout)["results"]
    assert len(results) == 1
    assert results[0]["outcome"] == "accepted"
    assert results[0]["status"] == "awaiting_approval"
    found: dict[str, Any] = results[0]
    return found


@pytest.fixture(scope="module")
def approved(marketplace: Marketplace, uploaded: dict[str, Any]) -> dict[str, Any]:
    """The plan of that upload, with its tasks."""
    short = uploaded["planId"][:8]
    results = marketplace.json("approve", short, "--reason", "bom plano", "--wait")["results"]
    assert [(one["planId"], one["outcome"], one["status"]) for one in results] == [
        (uploaded["planId"], "accepted", "executing")
    ]
    found: dict[str, Any] = marketplace.json("show", short)
    return found


def test_a_process_of_its_own_says_the_same_and_ends_alike(
    marketplace: Marketplace, approved: dict[str, Any], shopee: Path
) -> None:
    """Other tests run commands in their own process, which is enough only if output and exit status are equal."""
    plan = approved["planId"]

    def equal(*arguments: str, status: int, **env: str) -> bool:
        done = marketplace.alone(*arguments, **env)
        here = marketplace(*arguments, status=None, **env)
        assert done.returncode == here.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
        return (done.stdout, done.stderr) == (here.stdout, here.stderr)

    eventually(lambda: equal("history", plan, status=0))  # it grows until all tasks are told
    assert equal("mappings", "list", status=0)
    assert equal("show", "--json", str(shopee), status=1)
    assert equal("approve", status=2)
    assert equal("plans", status=3, MARKETPLACE_URL="http://127.0.0.1:1")


def test_a_plan_is_shown_with_what_was_found(marketplace: Marketplace, approved: dict[str, Any]) -> None:
    said = marketplace("show", approved["planId"]).stdout
    assert approved["title"] in said
    assert approved["opportunities"][0]["title"] in said
    assert "bom plano" in said
    assert "\x1b" not in said


def test_plans_are_filtered(marketplace: Marketplace, approved: dict[str, Any]) -> None:
    fits = ("plans", "--channel", "amazon,shopee", "--priority", "high", "--status", "executing")
    assert [one["planId"] for one in marketplace.json(*fits)["items"]] == [approved["planId"]]
    assert marketplace.json("plans", "--channel", "amazon", "--priority", "high")["items"] == []
    assert approved["planId"][:8] in marketplace(*fits).stdout


def test_the_same_file_twice_is_refused_with_the_plan_it_has(
    marketplace: Marketplace, approved: dict[str, Any], shopee: Path
) -> None:
    result = marketplace.json("upload", str(shopee), "--channel", "shopee", status=1)["results"][0]
    # where the read models have it by now, not what was decided last
    assert (result["outcome"], result["planId"], result["status"]) == ("duplicate", approved["planId"], "executing")
    said = marketplace("upload", str(shopee), "--channel", "shopee", status=1).stdout
    assert approved["planId"][:8] in said


def test_again_makes_another_plan_and_a_rejection_keeps_its_reason(marketplace: Marketplace, shopee: Path) -> None:
    result = marketplace.json("upload", str(shopee), "--channel", "shopee", "--again", "--wait")["results"][0]
    rejected = marketplace.json("reject", result["planId"], "--reason", "sem orçamento")["results"][0]
    assert rejected["status"] == "rejected"
    history: list[dict[str, Any]] = []

    def is_told() -> bool:
        """The history is read from the read models, and they follow what was decided."""
        history[:] = marketplace.json("history", result["planId"])["items"]
        return bool(history[-1]["type"] == "plan.rejected")

    eventually(is_told, say=lambda: history[-1])
    assert history[-1]["data"]["reason"] == "sem orçamento"
    refused = marketplace.json("approve", result["planId"], status=1)["results"][0]
    assert refused["outcome"] == "wrong_status"
    assert refused["problem"]["currentStatus"] == "rejected"


def test_an_approval_with_a_phase_1_of_ones_own(marketplace: Marketplace, shopee: Path, tmp_path: Path) -> None:
    """The tasks are those of the file, from the preview on, and the name of who wrote it stands there."""
    made = marketplace.json("upload", str(shopee), "--channel", "shopee", "--again", "--wait")["results"][0]
    plan = made["planId"]
    preview = marketplace.json("show", plan)["phase1Preview"]
    assert "an approval would make it" in marketplace("show", plan).stdout
    file = tmp_path / "fase1.json"
    file.write_text(json.dumps({"tasks": [{"title": " "}]}), "utf-8")
    refused = marketplace.json("approve", plan, "--phase1", str(file), "--reason", "pressa", status=1)
    assert [one["pointer"] for one in refused["errors"]] == ["/phase1/tasks/0/title"]

    tasks = [preview["tasks"][0] | {"title": "A primeira, com outro nome"}, {"title": "Avisar o fornecedor"}]
    file.write_text(json.dumps({"name": "Fase 1 - Só duas", "tasks": tasks}), "utf-8")
    result = marketplace.json("approve", plan[:8], "--phase1", str(file), "--reason", "uma pessoa só", "--wait")
    assert [(one["planId"], one["status"]) for one in result["results"]] == [(plan, "executing")]

    shown = marketplace.json("show", plan)
    assert (shown["phase1"]["origin"], shown["phase1"]["rule"]) == ("operator", f"set-by:{shown['decidedBy']}")
    assert (shown["phase1"]["name"], shown["reason"]) == ("Fase 1 - Só duas", "uma pessoa só")
    assert [one["title"] for one in shown["phase1"]["tasks"]] == ["A primeira, com outro nome", "Avisar o fornecedor"]
    made_tasks = marketplace.json("tasks", "--plan", plan[:8], "--all")["items"]
    assert sorted(one["title"] for one in made_tasks) == ["A primeira, com outro nome", "Avisar o fornecedor"]
    assert {one["channel"] for one in made_tasks} == {"shopee"}
    late = marketplace("approve", plan, "--phase1", str(file), "--reason", "outra vez", status=1)
    assert "cancel the tasks that are not wanted" in late.stderr


def test_one_bad_file_does_not_stop_the_others(marketplace: Marketplace, samples: list[Sample], tmp_path: Path) -> None:
    empty = tmp_path / "vazio.csv"
    empty.write_bytes(b"")
    good = next(sample for sample in samples if sample.path.suffix == ".md")
    # waited for: its plan must not come while the next test approves all that wait
    files = (str(empty), str(good.path))
    results = marketplace.json("upload", *files, "-c", good.channels[0], "--wait", status=1)["results"]
    assert [(one["outcome"], one.get("status")) for one in results] == [
        ("refused", None),
        ("accepted", "awaiting_approval"),
    ]
    assert results[0]["problem"]["requestId"]


def test_all_waiting_are_approved_at_once(marketplace: Marketplace, samples: list[Sample]) -> None:
    amazon = [sample.path for sample in samples if sample.channels == ["amazon"]]
    made = marketplace.json("upload", *map(str, amazon), "-c", "amazon", "--wait")["results"]
    asked = marketplace("approve", "--all-waiting", status=2)
    assert "--yes" in asked.stderr
    results = marketplace.json("approve", "--all-waiting", "--yes", "--wait")["results"]
    assert {one["planId"] for one in made} <= {one["planId"] for one in results}
    assert all(one["status"] == "executing" for one in results)
    assert marketplace.json("approve", "--all-waiting", "--yes")["results"] == []


def test_a_task_is_worked_on_from_start_to_end(marketplace: Marketplace, approved: dict[str, Any]) -> None:
    tasks = marketplace.json("tasks", "--plan", approved["planId"][:8], "--all")["items"]
    assert len(tasks) == approved["tasks"]["total"] > 0
    short = tasks[0]["taskId"][:8]
    assert marketplace.json("task", short, "assign", "ana")["status"] == "assigned"
    assert marketplace.json("task", short, "start")["status"] == "started"
    assert marketplace.json("task", short, "comment", "falta a foto 3")["outcome"] == "accepted"
    assert marketplace.json("task", short, "fail", "sem estoque")["status"] == "failed"
    assert marketplace.json("task", short, "retry")["outcome"] == "accepted"
    assert marketplace.json("task", short, "complete", "feito")["status"] == "completed"
    refused = marketplace.json("task", short, "start", status=1)
    assert refused["currentStatus"] == "completed"
    eventually(lambda: "completed" in marketplace("task", short, status=0).stdout)  # what is shown comes after


def test_the_history_tells_it_all_in_order(marketplace: Marketplace, approved: dict[str, Any]) -> None:
    types = [one["type"] for one in marketplace.json("history", approved["planId"][:8])["items"]]
    wanted = ["plan.uploaded", "plan.analyzed", "plan.approved", "plan.phase1.created"]
    assert [one for one in types if one in wanted] == wanted
    assert "plan.channel.analyzed" in types
    assert types.count("task.created") == approved["tasks"]["total"]
    assert "plan.phase1.created" in marketplace("history", approved["planId"]).stdout


def test_the_doctor_says_ok_and_ends_with_0(marketplace: Marketplace) -> None:
    """A busy machine can cause a finding for a moment, so the command is repeated until nothing is wrong."""
    answers: list[Done] = []

    def ended_with_0(*options: str) -> bool:
        answers.append(marketplace("doctor", *options, status=None))
        return answers[-1].returncode == 0

    def told() -> str:
        return answers[-1].stdout

    eventually(lambda: ended_with_0("--json"), say=told)
    report = json.loads(told())
    assert (report["status"], report["findings"], answers[-1].stderr) == ("ok", [], "")
    eventually(ended_with_0, say=told)
    assert "The system is ok" in told()


def test_the_doctor_tells_versions_and_who_reads_what(marketplace: Marketplace) -> None:
    """What runbooks look for is there: each process with version and partitions, each group with what waits for it."""
    reports: list[dict[str, Any]] = []

    def all_is_read_and_nothing_waits() -> bool:
        reports.append(marketplace.json("doctor", status=None))
        groups = reports[-1]["groups"]
        return bool(groups) and all(one["unread"] == {} and one["behind"] == 0 for one in groups)

    eventually(all_is_read_and_nothing_waits, say=lambda: reports[-1]["groups"])
    report = reports[-1]
    assert {one["name"] for one in report["groups"]} == {"agents", "analysis", "retry-pump", "projections"}
    assert (report["version"], {one["version"] for one in report["processes"]}) == (build().version, {build().version})
    reading = {one["role"]: one["progress"]["holds"] for one in report["processes"] if "holds" in one["progress"]}
    assert set(reading) == {"worker", "runner", "pump", "projections"}
    assert reading["worker"][PLAN_EVENTS] == list(range(declared()[PLAN_EVENTS].partitions))
    said = marketplace("doctor", status=None, COLUMNS="200").stdout
    assert f"{PLAN_EVENTS} 0-{declared()[PLAN_EVENTS].partitions - 1}" in said
    assert f"gateway {build()}, this command {build()}" in said


def test_status_and_logs_show_the_processes(marketplace: Marketplace) -> None:
    """Status and doctor end alike: what a busy machine does is a finding for a moment."""
    answers: list[Done] = []

    def ended_with_0() -> bool:
        answers.append(marketplace("status", "--json", status=None))
        return answers[-1].returncode == 0

    eventually(ended_with_0, say=lambda: answers[-1].stdout)
    document = json.loads(answers[-1].stdout)
    assert document["health"]["status"] == "ok"
    assert document["health"]["headline"]
    assert document["running"]
    assert document["ready"]
    assert document["processes"]["gateway"]["status"] == "ready"
    assert not re.search(r"marketplace:(?!\*\*\*@)", str(document["urls"]["database"]))
    lines = marketplace.json("logs", "projections", "-n", "1")["lines"]
    assert [one["process"] for one in lines] == ["projections"]


def test_a_wrong_key_is_told_with_what_to_do(marketplace: Marketplace) -> None:
    done = marketplace("plans", status=1, MARKETPLACE_API_KEY="mrs_0_" + "x" * 40)
    assert "export MARKETPLACE_API_KEY" in done.stderr
    assert "request id" in done.stderr
    assert done.stdout == ""


def test_a_reset_is_refused_while_it_runs(marketplace: Marketplace) -> None:
    refused = marketplace.json("reset", "--yes", status=1)
    assert "stop it first" in refused["detail"]
