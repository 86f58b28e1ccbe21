"""deploy/helm: the processes of the blueprint, as Compose runs them.

helm is a Go program (tests/drills/test_chart_made.py). Here its values are held, and what it made, which is committed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from local.blueprint import MEASURED, MODULES
from local.environment import SECRETS
from schemas.process.version import build
from schemas.rights import SHOWN
from schemas.topics import PROJECTIONS, declared, groups
from tests.contract.test_compose import DOCUMENTED, OURS
from tests.support.prometheus import read_yaml

ROOT = Path(__file__).parents[2]
CHART = read_yaml(ROOT / "deploy" / "helm" / "Chart.yaml")
VALUES: dict[str, Any] = read_yaml(ROOT / "deploy" / "helm" / "values.yaml")
RENDERED: list[dict[str, Any]] = [
    one for one in yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yml").read_text("utf-8")) if one
]
PROCESSES = {module.name: module for module in MODULES if module.name != "registry" and not module.once}


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in RENDERED if one["kind"] == kind}


def pod(name: str) -> dict[str, Any]:
    found: dict[str, Any] = of_kind("Deployment")[f"marketplace-{name}"]["spec"]["template"]["spec"]
    return found


def container(name: str) -> dict[str, Any]:
    (found,) = pod(name)["containers"]
    return dict(found)


def env(name: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in container(name)["env"]}


def test_each_process_is_a_deployment_that_disruptions_leave_alive() -> None:
    assert set(VALUES["processes"]) == set(PROCESSES)
    names = {f"marketplace-{name}" for name in PROCESSES}
    assert set(of_kind("Deployment")) == set(of_kind("PodDisruptionBudget")) == names
    for name, budget in of_kind("PodDisruptionBudget").items():
        deployment = of_kind("Deployment")[name]["spec"]
        assert budget["spec"]["selector"] == deployment["selector"]
        assert deployment["selector"]["matchLabels"] == deployment["template"]["metadata"]["labels"]
        assert deployment["replicas"] > budget["spec"]["maxUnavailable"]
        assert deployment["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_runs_as_compose_runs_it(name: str) -> None:
    assert container(name)["command"] == ["python", "-m", PROCESSES[name].module] == OURS[name]["command"]
    limit = OURS[name]["deploy"]["resources"]["limits"]["memory"]
    assert container(name)["resources"]["limits"]["memory"] == f"{limit}i"
    stop_s = int(OURS[name]["stop_grace_period"].removesuffix("s"))
    assert pod(name)["terminationGracePeriodSeconds"] == stop_s


@pytest.mark.parametrize("name", PROCESSES)
def test_a_probe_asks_for_progress(name: str) -> None:
    """As Compose does. What kills asks neither broker nor database: an outage of those would kill everything."""
    probes = {key: one for key, one in container(name).items() if key.endswith("Probe")}
    if name == "gateway":
        assert probes["readinessProbe"]["httpGet"]["path"] in OURS[name]["healthcheck"]["test"][-1]
        assert probes["livenessProbe"]["httpGet"]["path"] == PROCESSES[name].path
        return
    assert set(probes) == {"livenessProbe", "readinessProbe"}
    assert probes["livenessProbe"]["exec"]["command"] == ["python", "deploy/healthy.py", "sign", name]
    assert env(name)["MARKETPLACE_SIGN_FILE"]["value"] == OURS[name]["environment"]["MARKETPLACE_SIGN_FILE"]
    assert ["CMD", *probes["readinessProbe"]["exec"]["command"]] == OURS[name]["healthcheck"]["test"]
    assert f"{probes['readinessProbe']['timeoutSeconds']}s" == OURS[name]["healthcheck"]["timeout"]


@pytest.mark.parametrize("name", PROCESSES)
def test_what_a_process_is_told_is_known(name: str) -> None:
    given = env(name)
    assert [variable for variable in given if f"`{variable}`" not in DOCUMENTED] == []
    needed = {"MARKETPLACE_BROKERS", "MARKETPLACE_REGISTRY_URL", "MARKETPLACE_DATABASE_URL", "MARKETPLACE_LOG"}
    assert needed <= set(given)
    signs = "MARKETPLACE_SIGNING_KEYS_FILE"
    assert (signs in given) == (signs in OURS[name]["environment"])
    if signs in given:
        (mount,) = (one for one in container(name)["volumeMounts"] if one["name"] == "signing")
        assert given[signs]["value"] == f"{mount['mountPath']}/keys"
    ports = {port["name"]: str(port["containerPort"]) for port in container(name)["ports"]}
    page = given.get("MARKETPLACE_METRICS_PORT", {}).get("value")
    assert ports == ({"metrics": page} if name in MEASURED else {"http": given["MARKETPLACE_PORT"]["value"]})


def is_secret(variable: str) -> bool:
    """Say whether a variable holds a secret; some are in an address."""
    word = variable.rpartition("_")[2]
    others = ("SLACK_WEBHOOK_URL", "MARKETPLACE_ALERT_URLS", "MARKETPLACE_SECRET_KEYS")
    return word in ("KEY", "PASSWORD", "SECRET", "TOKEN") or variable in others


@pytest.mark.parametrize("name", PROCESSES)
def test_secrets_are_named_and_not_said(name: str) -> None:
    secret = {variable for variable, one in env(name).items() if "valueFrom" in one}
    servers = {"MARKETPLACE_DATABASE_URL", "MARKETPLACE_BROKER_PASSWORD"}
    assert secret & servers == {variable for variable in servers if name in SECRETS[variable]}
    told = {variable.replace("SECRET_KEYS_FILE", "SECRET_KEYS") for variable in OURS[name]["environment"]}
    assert secret - servers == {variable for variable in told if is_secret(variable)} - servers
    for variable, one in env(name).items():
        assert "value" not in one or not is_secret(variable), variable
        assert not one.get("value", "").startswith("postgres")


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_has_no_more_rights_than_it_needs(name: str) -> None:
    own, of_pod = container(name)["securityContext"], pod(name)["securityContext"]
    assert (own["readOnlyRootFilesystem"], own["allowPrivilegeEscalation"]) == (True, False)
    assert own["capabilities"] == {"drop": ["ALL"]}
    assert (of_pod["runAsNonRoot"], of_pod["runAsUser"]) == (True, 10001)
    assert pod(name)["automountServiceAccountToken"] is False


@pytest.mark.parametrize("name", PROCESSES)
def test_each_process_signs_in_to_the_database_as_itself(name: str) -> None:
    key = env(name)["MARKETPLACE_DATABASE_URL"]["valueFrom"]["secretKeyRef"]
    assert key == {"name": VALUES["secret"], "key": f"database-url-{name}"}, "and starts only where it is there"
    (job,) = of_kind("Job").values()
    spec = job["spec"]["template"]["spec"]
    for one in (*spec["initContainers"], *spec["containers"]):
        (url,) = (told for told in one["env"] if told["name"] == "MARKETPLACE_DATABASE_URL")
        assert url["valueFrom"]["secretKeyRef"]["key"] == "database-url", "the owner's"


def test_tables_and_topics_are_there_before_the_first_process() -> None:
    (job,) = of_kind("Job").values()
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    spec = job["spec"]["template"]["spec"]
    ran = [one["command"] for one in (*spec["initContainers"], *spec["containers"])]
    modules = {module.name: ["python", "-m", module.module, *module.arguments] for module in MODULES}
    assert ran == [modules["migrate"], [*modules["migrate"], "--grants", "--apply"], modules["provision"]]


def test_more_come_by_the_lag_of_the_group_that_they_are_in() -> None:
    scaled = VALUES["keda"]["scaled"]
    assert VALUES["keda"]["most"] == max(topic.partitions for topic in declared().values())
    for name, told in scaled.items():
        (group,) = (group for group in groups().values() if group.role == name)
        assert told["topics"] == list(group.topics)
        assert told["group"] == (SHOWN if group.name == PROJECTIONS else group.name)
    assert not of_kind("ScaledObject")


def test_it_is_of_this_version() -> None:
    assert CHART["version"] == CHART["appVersion"] == build().version
    images = {one["image"] for name in PROCESSES for one in pod(name)["containers"]}
    assert images == {f"{VALUES['image']['repository']}:{build().version}"}
