"""An alert leads to where it is mended."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gateway.ui.navigation import PAGES
from gateway.ui.words import alert_words
from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from gateway.verdict.stored import to_json
from gateway.verdict.traits import Effect
from tests.unit.gateway.verdict.examples import EXAMPLES


def alert(finding: Any) -> Any:
    return SimpleNamespace(finding=finding)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_finding_leads_to_a_page(kind: Kind) -> None:
    (found, *_) = [one for one in judge(EXAMPLES[kind]).findings if one.kind is kind]
    path = alert_words.way(alert(to_json(found))).path
    assert path.partition("?")[0].partition("#")[0] in {page.path for page in PAGES}
    assert found.traits.effect is Effect.NOTE or path


def test_one_of_another_version_leads_nowhere() -> None:
    assert alert_words.way(alert({"kind": "of-tomorrow"})).path == ""
