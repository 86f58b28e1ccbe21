"""What entries of the audit tell has words: each field that code gives them, each outcome, each value of a few."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.ui import i18n
from gateway.ui.words import audit_words
from gateway.verdict.words.own import Heard
from projections.reads.audit import Audited

ROOT = Path(__file__).parents[4]
#: Texts whose fields are the columns of a seller's table, and so have no words.
NAMED_BY_SELLERS = {"kept.columns", "merged", "gone"}
#: The places of before and after in an Entry.
PLACES = {5: "before", 6: "after"}
#: What is raised with the reason why an account does not get in.
REFUSED = {"NotBelieved", "Stranger"}
ONE = Audited(
    1, datetime(2026, 11, 30, tzinfo=UTC), "a", "k", "", "x", "x", "t", None, "accepted", None, None, "", "", None
)


class Source:
    """A module, and within it a function that makes entries: what its names can stand for."""

    def __init__(self, module: ast.Module, function: ast.AST) -> None:
        self._module, self._function = module, function
        self.unknown: set[str] = set()

    def entries(self) -> Iterator[str]:
        """The fields of before and after of each Entry that is made here."""
        for call in ast.walk(self._function):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Entry":
                places = [one for n, one in enumerate(call.args) if n in PLACES or isinstance(one, ast.Starred)]
                named = [one.value for one in call.keywords if one.arg in PLACES.values()]
                for told in (*places, *named):
                    yield from self._fields(told)

    def _fields(self, told: ast.expr) -> Iterator[str]:
        match told:
            case ast.Constant():
                return
            case ast.Dict():
                for name, value in zip(told.keys, told.values, strict=True):
                    yield from self._fields(value) if name is None else self._texts(name)
            case ast.DictComp(generators=[each]):
                yield from self._texts(each.iter)
            case ast.Tuple():
                for one in told.elts:
                    yield from self._fields(one)
            case ast.IfExp():
                yield from self._fields(told.body)
                yield from self._fields(told.orelse)
            case ast.Starred():
                yield from self._fields(told.value)
            case ast.Call(func=ast.Name(id=name)):
                made = [one for one in self._module.body if isinstance(one, ast.FunctionDef) and one.name == name]
                returned = [one.value for f in made for one in ast.walk(f) if isinstance(one, ast.Return) and one.value]
                yield from self._every(returned, told)
            case ast.Name(id=name) if name not in NAMED_BY_SELLERS:
                yield from self._every(self._assigned(name), told)
            case _:
                self.unknown.add(ast.unparse(told))

    def _every(self, found: list[ast.expr], told: ast.expr) -> Iterator[str]:
        if not found:
            self.unknown.add(ast.unparse(told))
        for one in found:
            yield from self._fields(one)

    def _texts(self, told: ast.expr) -> Iterator[str]:
        match told:
            case ast.Constant(value=str() as text):
                yield text
            case ast.Tuple():
                for one in told.elts:
                    yield from self._texts(one)
            case ast.Name(id=name) if self._assigned(name):
                for one in self._assigned(name):
                    yield from self._texts(one)
            case _:
                self.unknown.add(ast.unparse(told))

    def _assigned(self, name: str) -> list[ast.expr]:
        found = []
        for one in (*ast.walk(self._function), *self._module.body):
            targets = one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)]
            value = getattr(one, "value", None)
            if isinstance(value, ast.expr) and any(isinstance(t, ast.Name) and t.id == name for t in targets):
                found.append(value)
        return found


def told_by(text: str) -> tuple[set[str], set[str]]:
    """The fields that a module tells, and what could not be read of it."""
    module = ast.parse(text)
    fields: set[str] = set()
    unknown: set[str] = set()
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            source = Source(module, function)
            fields.update(source.entries())
            unknown |= source.unknown
    return fields, unknown - NAMED_BY_SELLERS


def test_every_field_that_code_tells_has_words() -> None:
    fields: set[str] = set()
    for file in (ROOT / "gateway").rglob("*.py"):
        told, unknown = told_by(file.read_text("utf-8"))
        assert unknown == set(), f"{file}: say these fields where the entry is made"
        fields |= told
    assert {"previous_works_s", "sha256", "role", "for_seconds", "state", "costs", "rows"} <= fields
    assert sorted(fields - audit_words.FIELDS.keys()) == []


def told_at_a_command_line(text: str) -> tuple[set[str], set[str]]:
    """Return the fields of `audited.tell`, and the mappings of them that are given by name."""
    calls = [one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.Call)]
    mine = [one for one in calls if ast.unparse(one.func) == "audited.tell"]
    named = {word.arg for one in mine for word in one.keywords if word.arg}
    mappings = {ast.unparse(word.value) for one in mine for word in one.keywords if not word.arg}
    return named, mappings


def test_every_field_that_a_command_tells_has_words() -> None:
    """What is done with access to the servers is told by the command, and not by a gateway."""
    fields, mappings = set(), set()
    for folder in ("streams", "projections"):
        for file in (ROOT / folder).rglob("*.py"):
            told, given = told_at_a_command_line(file.read_text("utf-8"))
            fields |= told
            mappings |= given
    assert mappings == {"more", "told"}, "of these the fields stand here"
    fields |= {"webhooks_paused", "users", "passwords", "added"}
    assert {"done", "made_at", "lacked"} <= fields
    assert sorted(fields - audit_words.FIELDS.keys()) == []


def test_of_a_backup_it_is_said_when_it_was_made() -> None:
    i18n.use("en")
    told = audit_words.changes(replace(ONE, kind="system", action="system.backup", after={"made_at": 1_796_000_000.5}))
    assert [(field.field, field.after) for field in told] == [("Backup of", "2026-11-30 00:53:20 UTC")]


@pytest.mark.parametrize(
    ("kept", "said"),
    [("2026-12-01T06:42:35.412880+00:00", "2026-12-01 06:42:35 UTC"), ("until further notice", "until further notice")],
)
def test_a_moment_is_said_to_the_second(kept: str, said: str) -> None:
    i18n.use("en")
    told = audit_words.changes(replace(ONE, kind="key", action="key.create", after={"expires_at": kept}))
    assert [(field.field, field.after) for field in told] == [("Ends", said)]


def test_a_field_without_words_is_seen() -> None:
    text = "def f():\n    told = {'mood': 1}\n    told |= {'luck': 2}\n    return Entry('a', 'b', 'c', after=told)\n"
    assert told_by(text) == ({"mood", "luck"}, set())
    assert told_by("def f(x):\n    return Entry('a', 'b', 'c', after=x)\n") == (set(), {"x"})


@pytest.mark.parametrize("outcome", ["not_waiting", "resolved", "behind", "not_found", "version_mismatch"])
def test_an_outcome_has_words(outcome: str) -> None:
    i18n.use("pt_BR")
    assert audit_words.outcome(outcome).startswith("recusado: ")
    assert outcome not in audit_words.outcome(outcome)


@pytest.mark.parametrize(
    ("kind", "before", "after", "said"),
    [
        ("breaker", "closed", "open", ("Fechado", "Aberto")),
        ("replay", "running", "cancelled", ("Em execução", "Cancelado")),
    ],
)
def test_a_state_is_said_in_words(kind: str, before: str, after: str, said: tuple[str, str]) -> None:
    i18n.use("pt_BR")
    [changed] = audit_words.changes(replace(ONE, kind=kind, before={"state": before}, after={"state": after}))
    assert changed.field == "Estado"
    assert (changed.before, changed.after) == said


def test_what_an_upload_was_for_comes_before_its_fingerprint() -> None:
    i18n.use("en")
    after: dict[str, Any] = {"sha256": "ab", "channels": ["shopee"], "priority": "high"}
    told = audit_words.changes(replace(ONE, kind="plan", action="plan.upload", after=after))
    assert [one.field for one in told] == ["Channels", "Priority", "Fingerprint of the file"]


def test_what_was_given_with_a_command_is_said_by_its_words() -> None:
    i18n.use("pt_BR")
    given = {"due_on": "2026-11-20", "channels": ["shopee", "amazon"], "of a later version": {"a": 1}, "urgent": True}
    told = audit_words.changes(replace(ONE, kind="task", before=None, after={"given": given}))
    assert [(one.field, one.before, one.after) for one in told] == [
        ("Prazo", "", "2026-11-20"),
        ("Canais", "", "shopee, amazon"),
        ("of a later version", "", '{"a":1}'),
        ("urgent", "", "sim"),
    ]


def _refusals() -> set[str]:
    """Return every reason with which signing in by the company's account is refused and the audit has an entry."""
    found = {
        word.value
        for file in ("gateway/access/oidc.py", "gateway/access/identities.py")
        for call in ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"NotBelieved", "Stranger"}
        for argument in call.args
        for word in ast.walk(argument)
        if isinstance(word, ast.Constant) and isinstance(word.value, str) and word.value
    }
    return found - {"state", "denied"}  # the page leaves these out of the audit


def test_why_somebody_did_not_get_in_is_said_in_the_readers_language() -> None:
    assert {"unknown", "token", "meanwhile"} <= _refusals()
    for code in _refusals():
        i18n.use("pt_BR")
        theirs = audit_words.reason(replace(ONE, action="sign-in.failed", reason=code))
        i18n.use("en")
        english = audit_words.reason(replace(ONE, action="sign-in.failed", reason=code))
        assert len({code, theirs, english}) == 3, code


@pytest.mark.parametrize("action", ["alert.hook", "alert.acknowledge"])
def test_what_pagerduty_said_is_in_the_readers_language_and_what_people_wrote_stays(action: str) -> None:
    i18n.use("pt_BR")
    noted = Heard.RESOLVED_OF % {"n": 7}
    heard = audit_words.reason(replace(ONE, action=action, reason=noted))
    written = audit_words.reason(replace(ONE, action="letter.discard", reason=str(Heard.AGAIN)))
    i18n.use("en")
    assert heard == "resolvido no PagerDuty enquanto continua aqui, incidente #7"
    assert written == str(Heard.AGAIN)


def test_a_letter_that_was_discarded_says_so_as_its_page_does() -> None:
    i18n.use("pt_BR")
    (changed,) = audit_words.changes(replace(ONE, action="letter.discard", kind="letter", after={"state": "discarded"}))
    i18n.use("en")
    assert (changed.before, changed.after) == ("", "Descartado")
