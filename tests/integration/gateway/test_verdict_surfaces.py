"""Each finding is planted, and every surface read: API, probes, metrics, pages, messages of alerts, command line."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from gateway.alerts.alert import About, Alert
from gateway.alerts.message import item
from gateway.alerts.words import speech
from gateway.cli.failures import HEALTH_EXIT
from gateway.cli.main import app
from gateway.cli.terminal import Terminal
from gateway.ui import i18n
from gateway.ui.formats import SPEECH
from gateway.verdict import probe, reading
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.traits import Effect
from gateway.verdict.words.findings import WORDS
from gateway.verdict.words.say import Text
from local.postgres import Postgres
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.planting import PLANTS, Site, add_stalled, site
from tests.support.patience import PATIENCE_S
from tests.unit.gateway.alerts import looks

PAGES = ("/", "/system")
LANGUAGES = {"en": "en", "pt-BR": "pt_BR"}
CLEAR = re.compile("All flowing|All quiet|Ready for the first|Tudo fluindo|Tudo calmo|Pronto para o primeiro")
#: The database does not answer, which is what these are about.
SILENT = (Kind.DATABASE_AWAY, Kind.DATABASE_HANGS)
MOMENT = re.compile("takes a moment|leva um instante|leva só um")


@pytest.fixture
def patient(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway waits for its database as long as a test does, but where the database is what is wrong.

    On a busy machine it took a look for one that hangs, and told that beside what was planted.
    """
    if getattr(request.node, "callspec", None) and request.node.callspec.params.get("kind") in SILENT:
        return
    monkeypatch.setattr(probe, "PROBE_S", PATIENCE_S)
    monkeypatch.setattr(reading, "READ_S", PATIENCE_S)
    monkeypatch.setattr(reading, "LOOK_S", PATIENCE_S)


@pytest.fixture
async def planted(
    patient: None, gateway: Running, database_url: str, postgres: Postgres, api: httpx.AsyncClient
) -> AsyncIterator[Site]:
    assert (await api.get("/api/channels")).status_code == 200  # the key is known from here on, database or not
    async with site(gateway, database_url, postgres.url) as made:
        yield made


@dataclass(frozen=True)
class Command:
    exit_code: int
    text: str


async def marketplace(gateway: Running, *arguments: str) -> Command:
    env = {"MARKETPLACE_URL": gateway.url, "MARKETPLACE_API_KEY": gateway.keys["admin"]}
    terminal = Terminal(env)
    done = await asyncio.to_thread(CliRunner().invoke, app, list(arguments), obj=terminal)
    terminal.client.__exit__(None, None, None)
    return Command(done.exit_code, done.stdout)


async def page(gateway: Running, path: str, language: str) -> httpx.Response:
    gateway.app.state.services.verdicts.forget()
    async with gateway.client(**{"accept-language": language, "accept": "text/html"}) as client:
        return await client.get(path)


def flat(markup: str) -> str:
    """The text of a page, or of a terminal, as one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def like(text: Text, locale: str) -> re.Pattern[str]:
    """What a text says in a language, whatever the values; how many letters came back is said only where some did."""
    i18n.use(locale)
    forms = [SPEECH.text(text)] if isinstance(text, str) else [SPEECH.plural(*text, n) for n in (1, 2)]
    i18n.use("en")
    plain = [re.escape(form.replace("`", "").replace("%(blocked)s", "")) for form in forms]
    places = [re.sub(r"%\\\(\w+\\\)s", ".+?", form) for form in plain]
    return re.compile("|".join(places))


def opened_for(finding: Finding) -> Alert:
    """Return the alert that the engine's core opens once a finding has lasted for an hour at most."""
    engine = looks.Site()
    return next(change.alert for _ in range(3600) for change in engine.look(finding) if change.what == "opened")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def test_each_kind_can_be_planted() -> None:
    """A new kind needs a planting: then every surface is read for it below."""
    assert set(PLANTS) == set(Kind)


async def test_where_nothing_is_wrong_every_surface_says_so(planted: Site, api: httpx.AsyncClient) -> None:
    report = (await api.get("/api/system/health")).json()
    assert (report["status"], report["verdict"], report["findings"], report["notices"]) == ("ok", [], [], [])
    assert CLEAR.search(report["headline"])
    for path in PAGES:
        for language in LANGUAGES:
            shown = flat((await page(planted.gateway, path, language)).text)
            assert CLEAR.search(shown)
            assert not re.search("What else needs you|O que mais precisa de você", shown)
    doctor = await marketplace(planted.gateway, "doctor")
    assert (doctor.exit_code, "The system is ok. Ready for the first document." in flat(doctor.text)) == (0, True)
    ready = (await api.get("/health/ready")).json()
    assert (ready["status"], ready["database"], ready["finding"]) == ("ready", True, "")
    assert not re.search(r"marketplace_findings\{.*\} [1-9]", (await api.get("/metrics")).text)


@pytest.mark.parametrize("kind", Kind)
async def test_a_finding_is_on_every_surface(kind: Kind, planted: Site, api: httpx.AsyncClient) -> None:
    await PLANTS[kind](planted)
    traits, words = TRAITS[kind], WORDS[kind]
    down = traits.effect is Effect.DOWN
    note = traits.effect is Effect.NOTE
    status = str(traits.effect) if traits.effect in (Effect.DOWN, Effect.DEGRADED) else "ok"

    report = (await api.get("/api/system/health")).json()
    found = [f for f in report["verdict"] if f["kind"] == kind]
    assert len(found) == 1, report["verdict"]
    assert (report["status"], found[0]["effect"], found[0]["severity"]) == (status, traits.effect, traits.severity)
    assert found[0]["values"].keys() == traits.values.keys()
    for name in ("text", "evidence", "advice"):
        assert like(getattr(words, name), "en").search(found[0][name].replace("`", ""))
    if note:
        assert (report["notices"], report["findings"]) == ([], [])
        assert CLEAR.search(report["headline"])
    else:
        told = "notices" if traits.effect is Effect.NOTICE else "findings"
        assert f"{found[0]['text']} {found[0]['evidence']}" in report[told]
        assert not CLEAR.search(report["headline"])
        assert report["headline"].startswith(report["verdict"][0]["text"])

    ready = await api.get("/health/ready")
    assert ready.status_code == (503 if kind is Kind.DATABASE_AWAY else 200)
    assert (ready.json()["finding"] == found[0]["text"]) is (kind is Kind.DATABASE_AWAY)
    labels = f'effect="{traits.effect}",kind="{kind}",scope="{traits.scope}",severity="{traits.severity}"'
    assert f"marketplace_findings{{{labels}}} 1.0" in (await api.get("/metrics")).text

    for path in ("/system",) if note else PAGES:
        for language, locale in LANGUAGES.items():
            answer = await page(planted.gateway, path, language)
            shown = flat(answer.text)
            assert answer.status_code == (503 if down else 200)
            assert bool(CLEAR.search(shown)) is note
            assert like(words.text, locale).search(shown), shown[:3000]
            if not down:  # then there is a page for it, which says what can be said without any figure
                assert like(words.evidence, locale).search(shown)
                assert like(words.advice, locale).search(shown)

    if not note:  # a note opens no alert
        verdict = await planted.services.verdicts.now()
        (judged,) = [one for one in verdict.findings if one.kind == kind]
        for locale in LANGUAGES.values():
            message = item(opened_for(judged), About.OPENED, planted.gateway.url, speech(locale))
            assert like(words.text, locale).search(message.title)
            assert like(words.evidence, locale).search(message.evidence.replace("`", ""))
            assert like(words.advice, locale).search(message.recommendation)

    doctor, document = (
        await marketplace(planted.gateway, "doctor"),
        await marketplace(planted.gateway, "doctor", "--json"),
    )
    assert {doctor.exit_code, document.exit_code} == {HEALTH_EXIT[status]}
    for text in (words.text,) if note else (words.text, words.evidence, words.advice):
        assert like(text, "en").search(flat(doctor.text).replace("`", "")), doctor.text
    # the gateway of this test logs to the same stdout
    printed, _ = json.JSONDecoder().raw_decode(document.text, document.text.index("{\n"))
    assert kind in [f["kind"] for f in printed["verdict"]]  # a busy machine has findings of its own meanwhile


@pytest.mark.parametrize(
    ("kind", "portuguese", "english"),
    [
        (Kind.PROCESS_DEAF, "surdo: nada é retirado de analysis.work.normal/3", "nothing is taken"),
        (Kind.BREAKER_PROBING, "o tempo acabou: uma chamada de teste pode ir", "one probe may go"),
    ],
)
async def test_a_reason_of_the_systems_own_is_in_the_readers_language(
    planted: Site, kind: Kind, portuguese: str, english: str
) -> None:
    await PLANTS[kind](planted)
    if kind is Kind.BREAKER_PROBING:  # as the database's own function says it
        await planted.pool.execute(
            "update flow.breaker set state = 'open', retry_at = now(), probe_until = null where state = 'half_open'"
        )
        await planted.pool.execute("select flow.breaker_allow(name, 60, 'test') from flow.breaker where state = 'open'")
    shown = flat((await page(planted.gateway, "/system", "pt-BR")).text)
    assert portuguese in shown
    assert english not in shown


@pytest.mark.parametrize(
    ("stalled", "kind", "english", "portuguese"),
    [
        ({"attempts": 0}, "stalled", "No recovery has begun yet", "Nenhuma recuperação começou ainda"),
        ({"attempts": 2}, "recovering", "It is recovering by itself", "recuperando sozinho"),
        ({"escalated": True}, "escalated", "a person must look", "uma pessoa precisa olhar"),
        ({"cause": "processing-off"}, "paused", "queue processing is switched off", "o processamento das filas está"),
    ],
)
async def test_a_plan_that_is_stalled_says_so_on_its_own_page_and_wherever_it_is_read(
    planted: Site, api: httpx.AsyncClient, stalled: dict[str, Any], kind: str, english: str, portuguese: str
) -> None:
    plan = await add_stalled(planted, **stalled)

    told = (await api.get(f"/api/marketplace/analysis/{plan}")).json()["verdict"]
    shown = await marketplace(planted.gateway, "show", str(plan))

    listed = (await api.get("/api/marketplace/analysis", params={"stalled": "true"})).json()["items"]
    printed = await marketplace(planted.gateway, "plans", "--stalled", "--json")

    assert [one["planId"] for one in listed] == [str(plan)]
    assert [one["planId"] for one in json.loads(printed.text)["items"]] == [str(plan)]
    assert (told["kind"], told["wrong"], told["since"] is not None) == (kind, True, True)
    assert 28 < told["values"]["age"] < 600
    assert told["asOf"]
    for words in (f"{told['text']} {told['evidence']} {told['advice']}", flat(shown.text)):
        assert english in words
        assert not MOMENT.search(words)
    for language, words in (("en", english), ("pt-BR", portuguese)):
        text = flat((await page(planted.gateway, f"/plans/{plan}", language)).text)
        assert words in text
        assert not MOMENT.search(text)


@pytest.mark.parametrize("kind", [k for k in Kind if TRAITS[k].effect is Effect.DEGRADED])
async def test_a_moment_is_promised_on_a_plans_page_only_where_nothing_is_wrong(
    kind: Kind, planted: Site, api: httpx.AsyncClient
) -> None:
    plan = await seed.add_plan(planted.pool, status="approved")
    await planted.pool.execute("insert into flow.deadline (plan_id, kind) values ($1, 'phase1')", plan)
    before = flat((await page(planted.gateway, f"/plans/{plan}", "en")).text)
    await PLANTS[kind](planted)
    planted.services.verdicts.forget()

    told = (await api.get(f"/api/marketplace/analysis/{plan}")).json()["verdict"]
    text = flat((await page(planted.gateway, f"/plans/{plan}", "en")).text)

    assert MOMENT.search(before)
    assert told["wrong"]
    assert not MOMENT.search(told["advice"])
    assert not MOMENT.search(text)


async def test_of_many_findings_none_hides_another(planted: Site, api: httpx.AsyncClient) -> None:
    """The worst is the headline, all others are listed, the system before the business."""
    many = [Kind.RELAY_OFF, Kind.ROLE_MISSING, Kind.FLAG_OFF, Kind.DEAD_LETTERS, Kind.TASKS_FAILED, Kind.PLANS_EMPTY]
    for kind in reversed(many):
        await PLANTS[kind](planted)

    report = (await api.get("/api/system/health")).json()
    doctor = flat((await marketplace(planted.gateway, "doctor")).text).replace("`", "")

    assert [f["kind"] for f in report["verdict"]] == many
    assert report["headline"].endswith("And 5 more findings.")
    for path in PAGES:
        for language, locale in LANGUAGES.items():
            shown = flat((await page(planted.gateway, path, language)).text)
            at = [found.end() for kind in many if (found := like(WORDS[kind].text, locale).search(shown))]
            assert len(at) == len(many)
            assert at == sorted(at)
    assert all(like(WORDS[kind].text, "en").search(doctor) for kind in many)
