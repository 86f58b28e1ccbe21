"""docker-compose.yml: valid, pinned, private to the machine, and no word in it that the code does not know."""

from __future__ import annotations

import importlib.util
import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it has no types

from gateway.intake.limits import CONCURRENT_READERS, DEFAULT_LIMITS
from gateway.settings import Settings as GatewaySettings
from local.blueprint import MODULES
from schemas.database.grants import PROCESSES, user_of
from schemas.topics import declared
from streams.analysis.agents.settings import AgentSettings, agents_from_env
from streams.analysis.spending import budget_from_env
from streams.watchdog.settings import Patience
from tests.support.prometheus import read_yaml

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = read_yaml(ROOT / "docker-compose.yml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("marketplace-resilience:")}
#: Done once, before the others start.
ONCE = ("passwords", "setup")
#: Everybody who signs in to the database, by what its folder of keys is called.
IN_DATABASE = ("owner", *(process for found in PROCESSES.values() for process in found))
DOCUMENTED = (ROOT / "docs" / "configuration.md").read_text("utf-8")
PINNED = re.compile(r"^[\w./-]+:v?\d+\.\d+(\.\d+)?[\w.-]*$")
#: Found without an import: the package's command line needs a click that is newer than the locked one.
_SHIPPED_BY = importlib.util.find_spec("check_jsonschema")
assert _SHIPPED_BY is not None
assert _SHIPPED_BY.origin is not None
SPECIFICATION = Path(_SHIPPED_BY.origin).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
#: Members of a consumer group while they work.
GROUPED = ("worker", "runner", "pump")
#: Services whose health check asks whether somebody is at work.
WATCHED = ("worker", "runner", "pump", "projections", "watchdog", "alerts")


def violations(compose: dict[str, Any]) -> list[str]:
    """Return what is wrong by the Compose specification."""
    validator = Draft202012Validator(json.loads(SPECIFICATION.read_text("utf-8")))
    return [f"{'.'.join(map(str, error.path))}: {error.message[:200]}" for error in validator.iter_errors(compose)]


def test_it_is_valid() -> None:
    assert violations(COMPOSE) == []


@pytest.mark.parametrize(
    ("service", "change"),
    [
        ("gateway", {"ports": "8080"}),
        ("gateway", {"helthcheck": {}}),
        ("gateway", {"healthcheck": {"retires": 3}}),
        ("worker", {"depends_on": {"setup": {"condition": "service_done"}}}),
        ("postgres", {"environment": 5}),
    ],
)
def test_what_is_not_valid_is_seen(service: str, change: dict[str, Any]) -> None:
    broken = deepcopy(COMPOSE)
    broken["services"][service].update(change)
    assert violations(broken)


def test_everything_is_there() -> None:
    assert set(OURS) == {*ONCE, "gateway", "worker", "runner", "projections", "pump", "watchdog", "alerts"}
    assert set(SERVICES) - set(OURS) == {
        "redpanda",
        "console",
        "postgres",
        "jaeger",
        "prometheus",
        "alertmanager",
        "grafana",
    }
    local = {m.name for m in MODULES} - {"registry", "migrate", "provision"}
    assert set(OURS) - set(ONCE) == local, "both stacks run the same processes"


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned(name: str) -> None:
    image = SERVICES[name]["image"]
    assert "latest" not in image
    assert PINNED.match(image) or image == "marketplace-resilience:local"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_watched_or_runs_once(name: str) -> None:
    service = SERVICES[name]
    if name in ONCE:
        assert service["restart"] == "no"
        assert "healthcheck" not in service
        return
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries"} <= set(service["healthcheck"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_cannot_take_the_machine(name: str) -> None:
    limits = SERVICES[name]["deploy"]["resources"]["limits"]
    assert {"cpus", "memory"} <= set(limits)
    assert SERVICES[name]["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", SERVICES)
def test_only_this_machine_reaches_it(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert re.match(r"^127\.0\.0\.1:\d+:\d+$", port), port


def test_no_two_services_want_one_port() -> None:
    taken = [port.split(":")[1] for service in SERVICES.values() for port in service.get("ports", [])]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize("name", OURS)
def test_variables_are_known_and_documented(name: str) -> None:
    given = OURS[name]["environment"]
    needed = {"MARKETPLACE_BROKERS", "MARKETPLACE_REGISTRY_URL", "MARKETPLACE_DATABASE_URL"}
    assert name == "passwords" or needed <= set(given)
    for variable in given:
        assert f"`{variable}`" in DOCUMENTED


@pytest.mark.parametrize("name", [name for name in OURS if name not in ONCE])
def test_the_command_is_a_module_that_exists(name: str) -> None:
    python, flag, module = OURS[name]["command"]
    assert (python, flag) == ("python", "-m")
    assert module == next(m.module for m in MODULES if m.name == name)
    assert importlib.util.find_spec(module) is not None


def test_setup_runs_what_exists() -> None:
    script = (ROOT / OURS["setup"]["command"][1]).read_text("utf-8")
    modules = re.findall(r"python -m ([\w.]+)", script)
    assert modules == ["projections.migrate", "projections.migrate", "streams.provision", "gateway.access.keys"]
    assert all(importlib.util.find_spec(module) is not None for module in modules)


@pytest.mark.parametrize("name", SERVICES)
def test_dependencies_are_waited_for_until_they_serve(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        expected = "service_completed_successfully" if needed in ONCE else "service_healthy"
        assert how["condition"] == expected
        assert needed in SERVICES


@pytest.mark.parametrize("name", [name for name in OURS if name not in ONCE])
def test_a_process_starts_after_setup(name: str) -> None:
    assert {"setup", "redpanda", "postgres"} <= set(OURS[name]["depends_on"])


@pytest.mark.parametrize("name", OURS)
def test_a_process_has_no_more_rights_than_it_needs(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    commit = {"MARKETPLACE_COMMIT": "${MARKETPLACE_COMMIT:-}"}
    assert service["build"] == {"context": ".", "dockerfile": "deploy/Dockerfile", "args": commit}


@pytest.mark.parametrize("name", WATCHED)
def test_a_health_check_asks_for_the_right_name(name: str) -> None:
    assert OURS[name]["healthcheck"]["test"][1:3] == ["python", "deploy/healthy.py"]
    assert OURS[name]["healthcheck"]["test"][3:] == ["group" if name in GROUPED else "database", name]


def test_a_process_that_stands_still_is_ended_by_its_health_check() -> None:
    """Docker starts again what has ended: the check ends the process below the container's init."""
    for name in ("gateway", *WATCHED):
        assert OURS[name]["init"] is True
        assert OURS[name]["restart"] == "unless-stopped"
        assert OURS[name]["healthcheck"]["test"][1:3] == ["python", "deploy/healthy.py"]
        assert OURS[name]["environment"]["MARKETPLACE_SIGN_FILE"].startswith(OURS[name]["tmpfs"][0].partition(":")[0])


def test_volumes_are_declared_and_files_are_there() -> None:
    used: set[str] = set()
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).exists(), source
            else:
                used.add(source)
    assert used == set(COMPOSE["volumes"])


def test_a_volume_belongs_to_the_user_of_the_image() -> None:
    """A named volume is root's unless the image has its folder: a process without rights could not write it."""
    written = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    made = re.findall(r"install -d -o app -g app ((?:(?:/\S+|\\)\s+)+)", written)
    folders = {folder for one in made for folder in one.split() if folder != "\\"}
    volumes = [volume.split(":") for service in OURS.values() for volume in service.get("volumes", [])]
    assert {parts[1] for parts in volumes if not parts[0].startswith(".")} == folders


def test_data_is_kept_where_the_images_keep_it() -> None:
    assert "redpanda:/var/lib/redpanda/data" in SERVICES["redpanda"]["volumes"]
    assert "postgres:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]


def test_the_broker_acknowledges_only_what_is_on_the_disk() -> None:
    command = " ".join(SERVICES["redpanda"]["command"])
    assert "dev-container" not in command
    assert "bypass-fsync" not in command
    assert sum(topic.partitions for topic in declared().values()) < 1000  # Redpanda's limit for one core


def test_secrets_come_from_the_environment_and_the_first_key_has_no_default() -> None:
    assert OURS["gateway"]["environment"]["MARKETPLACE_BOOTSTRAP_KEY"] == "${MARKETPLACE_BOOTSTRAP_KEY:-}"
    assert OURS["runner"]["environment"]["OPENAI_API_KEY"] == "${OPENAI_API_KEY:-}"


def test_no_password_has_a_default() -> None:
    """Who sets none gets one that nobody else has: whoever knows this file must not know it."""
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert re.findall(r"\$\{\w*(?:PASSWORD|SECRET|KEY)\w*:-[^}]+\}", text) == []
    assert re.findall(r"://[^\s@/]+:[^\s@/]+@", text) == [], "nor is one in an address"
    assert OURS["passwords"]["environment"] == {
        "POSTGRES_PASSWORD": "${POSTGRES_PASSWORD:-}",
        "GRAFANA_PASSWORD": "${GRAFANA_PASSWORD:-}",
    }
    given = {"postgres": "POSTGRES_PASSWORD_FILE", "grafana": "GF_SECURITY_ADMIN_PASSWORD__FILE"}
    for name, variable in given.items():
        service = SERVICES[name]
        assert "passwords" in service["depends_on"]
        folder = str(Path(service["environment"][variable]).parent)
        assert folder in {volume.split(":")[1] for volume in service["volumes"]}
        assert [one for one in service["environment"] if "PASSWORD" in one] == [variable]


def mounted(name: str) -> dict[str, str]:
    """Volumes of passwords in the database that a service has -> how it has them."""
    volumes = [volume.split(":") for volume in SERVICES[name].get("volumes", [])]
    return {parts[0]: parts[-1] for parts in volumes if parts[0].startswith("database-")}


@pytest.mark.parametrize("name", [name for name in OURS if name != "passwords"])
def test_each_process_signs_in_to_the_database_as_itself(name: str) -> None:
    process = "owner" if name == "setup" else name
    user = "marketplace" if name == "setup" else user_of(name)
    url = f"postgresql://{user}@postgres:5432/marketplace?passfile=/keys/database/{process}/passfile"
    assert OURS[name]["environment"]["MARKETPLACE_DATABASE_URL"] == url
    if name != "setup":
        assert mounted(name) == {f"database-{name}": "ro"}, "nobody reads another one's password"


def test_only_who_makes_users_knows_all_passwords() -> None:
    all_of_them = {f"database-{process}" for process in IN_DATABASE}
    assert set(mounted("passwords")) == set(mounted("setup")) == all_of_them
    assert set(mounted("setup").values()) == {"ro"}
    assert mounted("postgres") == {"database-owner": "ro"}
    assert {name for name in SERVICES if mounted(name)} == {*OURS, "postgres"}


def test_what_a_person_sets_reaches_those_who_read_it() -> None:
    """The deadline of an agent has to be the same for who keeps it and for who waits for it."""
    readers = {
        "MARKETPLACE_LIMITS": {"gateway"},
        "MARKETPLACE_TRUSTED_PROXIES": {"gateway"},
        "MARKETPLACE_AGENT_MODEL": {"runner"},
        "MARKETPLACE_AGENT_DEADLINE": {"runner", "watchdog"},
        "MARKETPLACE_AGENT_ATTEMPTS": {"runner"},
        "MARKETPLACE_AGENT_PATIENCE": {"runner"},
    }
    for variable, names in readers.items():
        told = {name: service["environment"].get(variable) for name, service in OURS.items()}
        assert told == {name: f"${{{variable}:-}}" if name in names else None for name in OURS}


def test_uploads_and_their_readers_fit_where_they_are() -> None:
    """The temporary folder of the container is memory: bytes of uploads and what reads them are in it together."""
    settings = GatewaySettings.from_env({"MARKETPLACE_DATABASE_URL": "postgresql://nobody@nowhere/none"})
    gateway, mib = OURS["gateway"], 1024 * 1024
    (folder,) = [int(size) * mib for size in re.findall(r"^/tmp:size=(\d+)m$", gateway["tmpfs"][0])]
    memory = int(gateway["deploy"]["resources"]["limits"]["memory"].removesuffix("G")) * 1024 * mib
    readers = CONCURRENT_READERS * DEFAULT_LIMITS.memory_bytes
    itself = 256 * mib  # the gateway, and what its nursery has imported
    assert settings.max_upload_bytes < settings.upload_bytes_of_one < settings.upload_bytes_at_once < folder
    assert folder + readers + itself <= memory
    chart = (ROOT / "deploy" / "kubernetes.yml").read_text("utf-8")
    (room,) = re.findall(r"sizeLimit: (\d+)Gi", chart)
    assert settings.upload_bytes_at_once < int(room) * 1024 * mib


def test_the_links_to_traces_lead_to_jaeger() -> None:
    """A browser on this machine opens them: not by the name that the containers know, but by the published port."""
    given = OURS["gateway"]["environment"]
    settings = GatewaySettings.from_env(
        {"MARKETPLACE_DATABASE_URL": given["MARKETPLACE_DATABASE_URL"]}
        | {"MARKETPLACE_TRACE_URL": given["MARKETPLACE_TRACE_URL"]}
    )
    published = {port.rpartition(":")[2]: port.rpartition(":")[0] for port in SERVICES["jaeger"]["ports"]}
    assert settings.trace_page("ab" * 16) == f"http://{published['16686']}/trace/{'ab' * 16}"


def test_the_pages_lead_to_grafana() -> None:
    given = OURS["gateway"]["environment"]["MARKETPLACE_GRAFANA_URL"]
    (port,) = SERVICES["grafana"]["ports"]
    assert given == "${MARKETPLACE_GRAFANA_URL:-http://" + port.rpartition(":")[0] + "}"


def test_what_nobody_sets_is_the_default() -> None:
    """Compose hands on an empty text then."""
    names = [name for name in OURS["runner"]["environment"] if name.startswith("MARKETPLACE_AGENT_")]
    nothing = dict.fromkeys(("MARKETPLACE_LIMITS", *names), "")
    agent = {"OPENAI_API_KEY": "k"}
    assert len(names) > 7
    assert agents_from_env(agent | nothing) == agents_from_env(agent) == (AgentSettings("k"),)
    assert budget_from_env(nothing, agents_from_env(agent)) is None
    assert Patience.from_env(nothing) == Patience.from_env({})
    database = {"MARKETPLACE_DATABASE_URL": "postgresql://nobody@nowhere/none"}
    assert GatewaySettings.from_env(database | nothing) == GatewaySettings.from_env(database)
