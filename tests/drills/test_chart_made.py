"""helm makes what is committed, to the byte, of deploy/helm; and it makes what is asked for besides."""

from __future__ import annotations

import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it has no types

from local.environment import SECRETS
from tests.support.kubernetes_types import fetched, scaled_schema, violations

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


def test_kubernetes_knows_every_field(helm: str) -> None:
    types = fetched()
    made = [one for one in yaml.safe_load_all(rendered(helm, "--is-upgrade", "--set", "contract=true")) if one]
    assert {one["kind"] for one in made} == {"Deployment", "PodDisruptionBudget", "Service", "Job"}
    assert [wrong for one in made for wrong in violations(types, one)] == []
    planted = deepcopy(next(one for one in made if one["kind"] == "Deployment"))
    planted["spec"]["replicas"] = "two"
    planted["spec"]["template"]["spec"]["containers"][0]["readinesProbe"] = {}
    assert violations(types, planted) == [
        "Deployment.spec.replicas is 'two', not numeric",
        "Deployment.spec.template.spec.containers[0].readinesProbe is not known",
    ]


def test_keda_knows_every_field(helm: str) -> None:
    wanted = Draft202012Validator(scaled_schema())
    made = of_kind(rendered(helm, "--set", "keda.enabled=true,keda.authentication=kafka"), "ScaledObject")
    assert [error.message for one in made.values() for error in wanted.iter_errors(one)] == []
    planted = deepcopy(next(iter(made.values())))
    planted["spec"]["minReplicaCount"] = "one"
    planted["spec"]["triggers"][0]["metdata"] = {}
    assert sorted(error.message.partition(" ")[0] for error in wanted.iter_errors(planted)) == ["'one'", "Additional"]
