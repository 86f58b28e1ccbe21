"""What the system writes of a failure is known where it is shown: sentences are read from the code that writes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.ui import i18n
from gateway.ui.words import evidence_words, own_words
from gateway.verdict.words.own import AGENTS, Fate, messages, own
from gateway.verdict.words.speech import ENGLISH
from gateway.webhooks.reach import not_reached
from streams.analysis.agents.errors import REASONS

ROOT = Path(__file__).parents[4]
#: Who raises what with a sentence in it: the file, and the names of what is raised.
WRITERS = {
    "schemas/wire.py": {"Undecodable", "Invalid"},
    "schemas/decoding.py": {"Undecodable"},
    "schemas/belief.py": {"Unbelievable"},
    "schemas/sealing.py": {"Locked"},
    "streams/analysis/work.py": {"Undecodable"},
    "streams/analysis/agents/client.py": {"AgentUnavailable", "AgentRejected"},
    "streams/analysis/agents/transport.py": {"AgentUnavailable", "AgentRejected"},
    "streams/watchdog/actions.py": {"tell_to_end"},
}
#: Functions that return what is wrong with a record, or "" or None.
RETURNING = {
    "schemas/belief.py": {"misfit"},
    "schemas/fit.py": {"fit", "_double", "_text", "_boolean", "_null"},
    "streams/watchdog/processes.py": {"_deaf"},
    "streams/watchdog/registry.py": {"asked"},
}
#: What is made with the reason of a delivery that failed.
TELLS = {"Failed", "NotTried", "Why"}
#: Stands where a sentence has a value.
VALUE = "x1"


def _said(node: ast.expr) -> Iterator[str]:
    """Yield the text of an expression, with a value in each of its places; nothing of what has no words of its own."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else VALUE for p in parts)
        case ast.Call(func=ast.Name(id="_expected"), args=[ast.Constant(value=str(what)), *_]):
            yield f" is not {what} but {VALUE}"
        case ast.BinOp(left=left, op=ast.Add()):
            yield from _said(left)
        case ast.IfExp(body=body, orelse=other):
            yield from (*_said(body), *_said(other))


def _called(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _words(text: str) -> int:
    return sum(word.strip(".:;,()").isalpha() for word in text.split())


def written() -> Iterator[tuple[str, str]]:
    """Yield each sentence with its file."""
    for file, names in WRITERS.items():
        for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
            if isinstance(node, ast.Call) and _called(node.func) in names:
                for argument in node.args:
                    yield from ((file, text) for text in _said(argument) if _words(text) > 1)
    for file, names in RETURNING.items():
        for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name in names:
                for one in ast.walk(node):
                    if isinstance(one, ast.Return) and one.value is not None:
                        yield from ((file, text) for text in _said(one.value) if _words(text) > 1)
    yield from (("streams/analysis/agents/errors.py", text) for text in REASONS.values())


WRITTEN = sorted(set(written()))


@pytest.mark.parametrize(("file", "text"), WRITTEN)
def test_every_sentence_of_ours_is_recognised(file: str, text: str) -> None:
    sample = f"plan.approved{text}" if file == "schemas/fit.py" and text[0] in " .[" else text
    assert own(sample, ENGLISH) == sample
    assert own(f"Kind: {sample}", ENGLISH) == sample


def test_what_functions_of_the_database_say_of_breakers_is_recognised() -> None:
    said = []
    for path in sorted((ROOT / "schemas/database/functions/flow").glob("breaker_*.sql")):
        for call in re.findall(r"breaker_move\((.*?)\);", path.read_text("utf-8")):
            said += [text.strip() for text in re.findall(r"'([^']*)'", call) if " " in text.strip()]
    assert len(said) == 2
    for text in said:
        sample = text if text.startswith("the ") else f"{VALUE} {text}"
        assert own(sample, ENGLISH) == sample


def test_sentences_are_found_at_all() -> None:
    assert len(WRITTEN) > 40
    assert {file for file, _ in WRITTEN} == {*WRITERS, *RETURNING, "streams/analysis/agents/errors.py"}


def test_nobody_who_tells_of_a_delivery_has_a_sentence_of_his_own() -> None:
    """Who sends takes it from the list, or has it from the receiver or a library."""
    for file in sorted((ROOT / "gateway" / "alerts").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {*("Failed", "NotTried", "Why")}
            ):
                texts = [text for argument in node.args for text in _said(argument) if " " in text]
                assert [text for text in texts if not text.startswith("SMTP ")] == [], file.name


def test_a_sentence_within_a_sentence_is_said_too() -> None:
    i18n.use("pt_BR")
    try:
        told = own_words.said(Fate.NOT_CALLED % {"why": not_reached("10.0.0.1")})
        assert not told.foreign
        assert told.text.startswith("não chamado: o host leva a 10.0.0.1, que não é público")
        no_help = own_words.said("a recovery did not help: worker-gone")
        assert no_help.text == "uma recuperação não ajudou: nenhum worker em execução"
        later = own_words.said(
            "AgentUnavailable: the agent did not answer within 20 s; before that: the agent's deadline is over"
        )
        assert later.text == "o agente não respondeu em 20 s; antes disso: o prazo do agente acabou"
        deaf = own_words.said("deaf: nothing is taken from plan.events/1 and 2 more")
        assert deaf.text == "surdo: nada é retirado de plan.events/1 e de mais 2"
    finally:
        i18n.use("en")


def test_what_others_said_stays_and_is_marked() -> None:
    for text in ("HTTP 503: no upstream", "ConnectError: all attempts failed", "", "x" * 500):
        assert own_words.said(text) == own_words.Said(text, foreign=True)


def test_every_message_is_itself() -> None:
    for message in messages():
        sample = message
        for name in ("seconds", "why", "answer", "kind", "status", "cause", "where", "found", "type", "n", "id"):
            sample = sample.replace(f"%({name})s", VALUE)
        assert own(sample, ENGLISH) == sample
    assert "the agent did not answer in time" in AGENTS


def test_all_evidence_of_the_watchdog_has_a_name() -> None:
    found: set[str] = set()
    for file in ("diagnosis", "consumption"):
        tree = ast.parse((ROOT / "streams" / "watchdog" / f"{file}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                found |= {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
            match node:
                case ast.Subscript(ctx=ast.Store(), slice=ast.Constant(value=str(name))):
                    found.add(name)
    assert found | {"lag_agents", "lag_analysis"} == set(evidence_words.NAMES)


def test_evidence_is_said_in_words() -> None:
    i18n.use("pt_BR")
    try:
        seen = {
            "waited_s": "90.0",
            "missing": "mercado_livre, other",
            "living": "worker 2, runner 0",
            "held_back": "a",
            "error": "the record has no value",
            "relay_still_s": "long",
            "of_tomorrow": "7",
            "record": "a/1@2",
        }
        said = dict(evidence_words.said(seen))
        assert said["Espera há"].text == "1 min"
        assert said["Canais sem resultado"].text == "Mercado Livre, other"
        assert said["Processos em funcionamento"].text == "Worker 2, Executor de análises 0"
        assert said["Retido por"].foreign
        assert said["O que falhou"] == own_words.Said("o registro não tem valor")
        assert said["Nada foi publicado há"].text == "long"
        assert said["of_tomorrow"].text == "7"
    finally:
        i18n.use("en")
