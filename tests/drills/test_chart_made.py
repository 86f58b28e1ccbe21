"""helm makes what is committed, to the byte, of deploy/helm; and it makes what is asked for besides."""

from __future__ import annotations

import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it has no types

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


def test_an_image_may_be_named_by_its_digest(helm: str) -> None:
    made = rendered(helm, "--set", "image.digest=sha256:ab")
    assert "image: marketplace-resilience@sha256:ab" in made
    assert "marketplace-resilience:" not in made


def test_a_registry_that_wants_a_password_is_in_the_secret(helm: str) -> None:
    for deployment in of_kind(rendered(helm, "--set", "registryUrl="), "Deployment").values():
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        (told,) = (one for one in container["env"] if one["name"] == "MARKETPLACE_REGISTRY_URL")
        assert told["valueFrom"]["secretKeyRef"]["key"] == "registry-url"


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
