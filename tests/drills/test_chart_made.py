"""helm makes what is committed, to the byte, of deploy/helm; and it makes what is asked for besides."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.environment import SECRETS
from tests.support.kubernetes_schemas import written

ROOT = Path(__file__).parents[2]
#: What `make chart` says, too.
KUBERNETES = "1.32.0"


@pytest.fixture(scope="module")
def helm() -> str:
    return subprocess.run([ROOT / ".ci" / "helm"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def rendered(helm: str, *options: str) -> str:
    command = [helm, "template", "marketplace", str(ROOT / "deploy" / "helm"), "--kube-version", KUBERNETES, *options]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def test_what_is_committed_is_what_helm_makes(helm: str) -> None:
    assert rendered(helm) == (ROOT / "deploy" / "kubernetes.yml").read_text("utf-8")
    subprocess.run([helm, "lint", "--strict", "--kube-version", KUBERNETES, ROOT / "deploy" / "helm"], check=True)


def of_kind(text: str, kind: str) -> dict[str, dict[str, Any]]:
    found = [one for one in yaml.safe_load_all(text) if one]
    return {one["metadata"]["name"]: one for one in found if one["kind"] == kind}


def test_processes_come_with_what_waits(helm: str) -> None:
    made = rendered(helm, "--set", "keda.enabled=true,keda.authentication=kafka")
    scaled, deployments = of_kind(made, "ScaledObject"), of_kind(made, "Deployment")
    assert set(scaled) == {"marketplace-worker", "marketplace-runner", "marketplace-projections"}
    for name, one in scaled.items():
        assert one["spec"]["scaleTargetRef"]["name"] == name
        assert "replicas" not in deployments[name]["spec"]  # or each upgrade would undo what KEDA did
        assert {trigger["authenticationRef"]["name"] for trigger in one["spec"]["triggers"]} == {"kafka"}


def test_an_upgrade_adds_before_and_takes_away_when_told(helm: str) -> None:
    job = of_kind(rendered(helm, "--is-upgrade"), "Job")["marketplace-prepare"]
    first, grants = job["spec"]["template"]["spec"]["initContainers"]
    assert first["command"] == ["python", "-m", "projections.migrate", "pre"]
    assert grants["command"] == [*first["command"], "--grants", "--apply"]
    after = of_kind(rendered(helm, "--is-upgrade", "--set", "contract=true"), "Job")["marketplace-contract"]
    assert after["metadata"]["annotations"]["helm.sh/hook"] == "post-upgrade"
    (taken,) = after["spec"]["template"]["spec"]["containers"]
    assert taken["command"] == ["python", "-m", "projections.migrate", "--grants", "--apply"]


def test_one_user_for_all_has_to_be_asked_for(helm: str) -> None:
    made = rendered(helm, "--set", "databaseUsers=false")
    assert "database-url-" not in made
    assert "--grants" not in made


def test_a_broker_and_a_database_of_others_are_reached_by_ones_own_authorities_and_users(helm: str) -> None:
    """As managed ones ask for it: a certificate of an authority of their own, and a user for each process."""
    ca = "/keys/files/ca.pem"
    said = f"files=authorities,env.MARKETPLACE_BROKER_CA_FILE={ca},processes.worker.brokerPassword=broker-of-worker"
    made = rendered(helm, "--set", f"{said},processes.worker.env.MARKETPLACE_BROKER_USER=worker,contract=true")
    kinds = {kind: of_kind(made, kind) for kind in ("Deployment", "Job")}
    pods = {name: one["spec"]["template"]["spec"] for kind in kinds.values() for name, one in kind.items()}
    assert len(pods) == 9
    for name, pod in pods.items():
        (volume,) = (one for one in pod["volumes"] if one["name"] == "files")
        assert volume["secret"]["secretName"] == "authorities"
        for container in (*pod.get("initContainers", ()), *pod["containers"]):
            (mount,) = (one for one in container["volumeMounts"] if one["name"] == "files")
            assert (mount["mountPath"], mount["readOnly"]) == ("/keys/files", True)
            told = {one["name"]: one for one in container["env"]}
            assert len(told) == len(container["env"]), "nothing is said twice"
            assert told["MARKETPLACE_BROKER_CA_FILE"]["value"] == ca
            if password := told.get("MARKETPLACE_BROKER_PASSWORD"):
                own = "broker-of-worker" if name == "marketplace-worker" else "broker-password"
                assert password["valueFrom"]["secretKeyRef"]["key"] == own


def test_an_image_may_be_named_by_its_digest(helm: str) -> None:
    made = rendered(helm, "--set", "image.digest=sha256:ab")
    assert "image: marketplace-resilience@sha256:ab" in made
    assert "marketplace-resilience:" not in made


def test_a_registry_that_wants_a_password_is_in_the_secret(helm: str) -> None:
    for name, deployment in of_kind(rendered(helm, "--set", "registryUrl="), "Deployment").items():
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        told = [one for one in container["env"] if one["name"] == "MARKETPLACE_REGISTRY_URL"]
        asks = name.removeprefix("marketplace-") in SECRETS["MARKETPLACE_REGISTRY_URL"]
        assert [one["valueFrom"]["secretKeyRef"]["key"] for one in told] == ["registry-url"] * asks, name


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """Give what kubeconform says against objects: "" of one that it takes."""
    told = subprocess.run([ROOT / ".ci" / "kubeconform"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    places = written(tmp_path_factory.mktemp("schemas"))

    def judge(objects: Sequence[Mapping[str, Any]]) -> list[str]:
        given = yaml.safe_dump_all(objects)
        command = [told, "-strict", "-output", "json", "-verbose", "-schema-location", places, "-"]
        done = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=False)
        found = json.loads(done.stdout)["resources"]
        assert len(found) == len(objects), done.stdout
        assert all((one["status"] == "statusValid") == (not one.get("msg")) for one in found), done.stdout
        assert (done.returncode == 0) == all(one["status"] == "statusValid" for one in found)
        return [one.get("msg", "") for one in found]

    return judge


def made_objects(helm: str, *options: str) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(rendered(helm, *options)) if one]


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--is-upgrade", "--set", "contract=true"),
        ("--set", "keda.enabled=true,keda.authentication=kafka"),
        ("--set", "files=authorities,env.MARKETPLACE_BROKER_CA_FILE=/keys/files/ca.pem,databaseUsers=false"),
    ],
)
def test_kubernetes_takes_all_that_is_made(
    helm: str, judged: Callable[..., list[str]], options: tuple[str, ...]
) -> None:
    made = made_objects(helm, *options)
    assert {one["kind"] for one in made} >= {"Deployment", "PodDisruptionBudget", "Service", "Job"}
    assert [message for message in judged(made) if message] == []


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("Deployment", lambda one: one["spec"].update(replicas="two"), "replicas"),
        ("Deployment", lambda one: container_of(one).update(readinesProbe={}), "readinesProbe"),
        ("Deployment", lambda one: one["spec"].pop("selector"), "selector"),
        ("Deployment", lambda one: container_of(one).pop("name"), "name"),
        ("Service", lambda one: one["spec"]["ports"][0].pop("port"), "port"),
        ("Deployment", lambda one: one.update(apiVersion="apps/v1beta1"), "schema"),
        ("ScaledObject", lambda one: one["spec"].update(minReplicaCount="one"), "minReplicaCount"),
        ("ScaledObject", lambda one: one["spec"]["triggers"][0].update(metdata={}), "metdata"),
        ("ScaledObject", lambda one: one["spec"].pop("scaleTargetRef"), "scaleTargetRef"),
    ],
)
def test_what_is_wrong_is_not_taken(
    helm: str,
    judged: Callable[..., list[str]],
    kind: str,
    change: Callable[[dict[str, Any]], object],
    said: str,
) -> None:
    made = made_objects(helm, "--set", "keda.enabled=true,keda.authentication=kafka")
    planted = next(one for one in made if one["kind"] == kind)
    change(planted)
    (message,) = judged([planted])
    assert said in message


def container_of(deployment: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = deployment["spec"]["template"]["spec"]["containers"][0]
    return found
