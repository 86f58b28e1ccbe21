"""Everything that takes bytes from outside takes damaged ones for as long as is asked: a refusal, or a result.

`make fuzz-decoders MINUTES=60`. What is found is made shorter and kept in tests/corpus, which the suite replays.
Documents that a limit ended are kept in .local/fuzz, and the next run tries them first.
"""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections.abc import Callable

import pytest

from tests.support.fuzz_targets import TARGETS
from tests.support.fuzz_watched import Watched
from tests.support.fuzzing import CORPUS, ENDED, Found, keep_ended, mutated, of_corpus, of_ended, shorter

MINUTES = float(os.environ.get("FUZZ_MINUTES", "2"))
#: One target after the other has so many seconds.
TURN_S = 0.5


@pytest.mark.timeout(60 * MINUTES + 600)
def test_no_bytes_do_what_nobody_foresaw(random_source: Callable[[], int]) -> None:
    chance = random.Random(random_source())
    seeds = {name: [*target.seeds(), *of_corpus(name)] for name, target in TARGETS.items()}
    spent, tried = dict.fromkeys(TARGETS, 0.0), dict.fromkeys(TARGETS, 0)
    found: dict[tuple[str, str], Found] = {}
    until = time.monotonic() + 60 * MINUTES
    with Watched() as watched:
        before = [(name, data) for name in TARGETS for data in of_ended(name)]
        for name, data in before:  # what has no end any more is let go
            failure = watched.find(name, data)
            if failure is not None:
                found.setdefault((name, failure.where), failure)
        while (began := time.monotonic()) < until:
            name = min(spent, key=lambda one: spent[one])  # each has its share of the time, however slow it is
            while time.monotonic() < began + TURN_S:
                tried[name] += 1
                failure = watched.find(name, mutated(chance.choice(seeds[name]), chance, seeds[name]))
                if failure is not None:
                    found.setdefault((name, failure.where), failure)
            spent[name] += time.monotonic() - began
        print(f"{sum(tried.values())} inputs: {tried}")
        print(f"documents ended by a limit or a crash of a library, kept in {ENDED}: {dict(watched.ended)}")
        keep_ended(watched.shortest)

        kept = []
        for (name, where), failure in found.items():
            data = shorter(name, failure, watched.find)
            path = CORPUS / name / hashlib.sha256(data).hexdigest()[:12]
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
            kept.append(f"{path}: {failure.error} at {where}")
    assert kept == []
    assert min(tried.values()) > 0
