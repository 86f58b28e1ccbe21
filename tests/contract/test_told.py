"""Each secret is for the processes that local/environment.py names: local system, Compose and chart tell no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.blueprint import NAMES, draw
from local.environment import FOREIGN, SECRETS, inherited
from tests.contract.test_chart import PROCESSES, env, of_kind
from tests.contract.test_compose import DOCUMENTED, ONCE, OURS
from tests.support.doc_tables import names, rows

#: A setting whose name speaks of a secret; some are in an address.
SPEAKS = re.compile(r"(?:^|_)(?:KEYS?|PASSWORD|SECRETS?|TOKEN|IDENTITY)(?:_FILE)?$")
SETTINGS = re.compile(r"`((?:MARKETPLACE|OPENAI|SLACK|SMTP|PAGERDUTY|POSTGRES|GRAFANA)_[A-Z0-9_]+)`")
#: What the documents call some processes.
CALLED = {"alert engine": "alerts"}
SETTING_BY_A_PERSON = re.compile(r"\$\{\w+:-\}")
PLANTED = {name: f"planted {name}" for name in SECRETS}
STRANGERS = {
    "AWS_SECRET_ACCESS_KEY": "planted",
    "GITHUB_TOKEN": "planted",
    "PGPASSWORD": "planted",
    "MARKETPLACE_NEW_TOKEN": "planted",
    "MARKETPLACE_NEW_KEY_FILE": "planted",
}
PLAIN = {"PATH": "/bin", "LC_ALL": "C", "MARKETPLACE_FOUR_EYES": "on", "OTEL_EXPORTER_OTLP_HEADERS": "key=1"}


def test_every_setting_that_speaks_of_a_secret_is_in_the_table() -> None:
    told = set(SETTINGS.findall(DOCUMENTED))
    assert {name for name in told if SPEAKS.search(name)} <= set(SECRETS)
    assert set(SECRETS) <= told, "and is documented"


def test_the_documents_name_the_same_readers() -> None:
    compared = 0
    for variable, readers, _, _ in rows("configuration.md", "variable", "read by", "default", "meaning"):
        for name in set(names(variable)) & {"MARKETPLACE_DATABASE_URL", "MARKETPLACE_SECRET_KEYS_FILE"}:
            said = {CALLED.get(reader.strip(), reader.strip()) for reader in readers.split(",")}
            assert said == SECRETS[name]
            compared += 1
    assert compared == 2


def test_the_table_names_processes_of_ours() -> None:
    assert set().union(*SECRETS.values()) <= set(NAMES) - FOREIGN


@pytest.mark.parametrize("name", NAMES)
def test_of_its_callers_environment_a_process_gets_what_it_needs(name: str) -> None:
    got = inherited(name, {**PLANTED, **STRANGERS, **PLAIN})
    secrets = {variable for variable, processes in SECRETS.items() if name in processes}
    usual = {"PATH", "LC_ALL"} if name in FOREIGN else set(PLAIN)
    assert set(got) == secrets | usual


@pytest.mark.parametrize("name", [name for name in NAMES if name not in FOREIGN])
def test_of_what_was_made_for_the_system_a_process_is_told_no_secret_of_another(name: str, tmp_path: Path) -> None:
    plan = draw(tmp_path, [name], {**PLANTED, "EXTRA": "yes"}, lambda _text: None, own={name: {"OF_ITS_OWN": "1"}})
    (unit,) = plan.units
    told = unit.server.command().env
    assert {variable for variable in told if variable in SECRETS} == {
        variable for variable, processes in SECRETS.items() if name in processes
    }
    assert told["EXTRA"] == "yes"
    assert told["OF_ITS_OWN"] == "1"


@pytest.mark.parametrize("name", [name for name in OURS if name not in ONCE])
def test_compose_tells_a_process_no_secret_of_another(name: str) -> None:
    given = OURS[name]["environment"]
    given = {variable: value for variable, value in given.items() if (variable, value) != REGISTRY}
    assert [variable for variable in given if name not in SECRETS.get(variable, (name,))] == []


#: Where Compose's registry is: no password is in it.
REGISTRY = ("MARKETPLACE_REGISTRY_URL", "http://redpanda:8081")


@pytest.mark.parametrize("variable", SECRETS)
def test_a_secret_that_a_person_gives_compose_reaches_all_who_need_it(variable: str) -> None:
    given = {
        name
        for name, service in OURS.items()
        if name not in ONCE and SETTING_BY_A_PERSON.fullmatch(str(service["environment"].get(variable)))
    }
    assert given in (set(), SECRETS[variable] & set(PROCESSES))


@pytest.mark.parametrize("variable", SECRETS)
def test_the_chart_tells_a_secret_to_those_who_need_it(variable: str) -> None:
    given = {name for name in PROCESSES if variable in env(name)}
    plain = {name for name in given if variable == REGISTRY[0] and "value" in env(name)[variable]}
    assert given - plain in (set(), SECRETS[variable] & set(PROCESSES))


def containers() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the containers of Jobs, each with the process that it is."""
    for job in of_kind("Job").values():
        spec = job["spec"]["template"]["spec"]
        for one in (*spec["initContainers"], *spec["containers"]):
            yield ("migrate" if "projections.migrate" in one["command"] else "provision"), one


def test_the_charts_jobs_are_told_no_secret_of_another() -> None:
    seen = 0
    for name, one in containers():
        told = {given["name"] for given in one["env"] if "valueFrom" in given or given["name"].endswith("_FILE")}
        assert {variable for variable in told if name not in SECRETS.get(variable, (name,))} == set()
        mounted = {mount["name"] for mount in one["volumeMounts"]}
        assert ("signing" in mounted) == ("MARKETPLACE_SIGNING_KEYS_FILE" in told)
        seen += 1
    assert seen >= 3
